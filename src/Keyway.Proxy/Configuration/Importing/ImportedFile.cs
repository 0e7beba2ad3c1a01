using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>
/// A configuration of Keyway's own shape, made from another program's file. Its values keep the places of that file, so that reading it
/// reports every mistake where the user can find it.
/// </summary>
internal sealed class ImportedFile(ConfigFormat format, ConfigNode root)
{
    /// <summary>What the file was.</summary>
    public ConfigFormat Format { get; } = format;

    /// <summary>The keys above the pools.</summary>
    public List<ImportedKey> Keys { get; } = [];

    public List<ImportedPool> Pools { get; } = [];

    /// <summary>What a reader of the new file should know of it as a whole.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>The pools that this version cannot carry over at all. Such a file does not run; the rest of it can be imported.</summary>
    public List<LeftOut> LeftOut { get; } = [];

    public void Set(string key, ConfigNode from, string value, string? origin) =>
        Keys.Add(new ImportedKey(key, new ScalarNode(from.Path, from.Line, from.Column, value, isNull: false), origin));

    /// <summary>Sets one key of a section, such as <c>level</c> of <c>log</c>.</summary>
    public void Set(string section, string key, ConfigNode from, string value, string? origin)
    {
        var name = new ScalarNode(from.Path, from.Line, from.Column, key, isNull: false);
        var scalar = new ScalarNode(from.Path, from.Line, from.Column, value, isNull: false);
        Keys.Add(new ImportedKey(section, new MappingNode(from.Path, from.Line, from.Column, [new ConfigEntry(name, scalar)]), origin));
    }

    /// <summary>The file as Keyway reads it.</summary>
    public MappingNode ToTree()
    {
        var pools = new MappingNode(
            "pools", root.Line, root.Column, [.. Pools.Select(p => new ConfigEntry(new ScalarNode("", p.Source.Line, p.Source.Column, p.Name, isNull: false), p.ToTree()))]);
        return new MappingNode(
            "", root.Line, root.Column, [.. Keys.Select(k => k.ToEntry()), new ConfigEntry(new ScalarNode("", root.Line, root.Column, "pools", isNull: false), pools)]);
    }
}
