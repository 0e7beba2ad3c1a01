using System.Text.Json.Nodes;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>
/// One key of the file, all that is known of it: reading, the editor's schema, suggestions and the check of the documentation come from here,
/// its default from the record that it sets.
/// </summary>
internal abstract class ConfigKey<TRecord>(string name, string description)
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>The shapes of file that know the key.</summary>
    public ConfigShape Shapes { get; init; } = ConfigShape.Keyway;

    public bool Required { get; init; }

    /// <summary>What the record must be for a required key to be missed; null for always.</summary>
    public Func<TRecord, bool>? RequiredIf { get; init; }

    /// <summary>The only protocols to which the key of a pool means something; empty for all.</summary>
    public IReadOnlyList<PoolProtocol> Only { get; init; } = [];

    /// <summary>What the other shape says instead, for a file that mixes them up.</summary>
    public string? Instead { get; init; }

    /// <summary>Why nutcracker's file may have the key without effect, or null.</summary>
    public string? IgnoredInNutcracker { get; init; }

    public abstract string Describe();

    public abstract string Default(TRecord defaults);

    public abstract JsonObject Schema();

    /// <summary>The record with the node's value, or as it was if the node is wrong.</summary>
    public abstract TRecord Read(TRecord record, ConfigNode node, Reading reading);
}
