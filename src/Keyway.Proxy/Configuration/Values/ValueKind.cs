using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>One kind of value: how it is read, written, described in the documentation and checked by an editor.</summary>
internal abstract class ValueKind<T>
{
    /// <summary>Type, unit and range in a few words, for the documentation.</summary>
    public abstract string Describe();

    /// <summary>The value as a file would have it.</summary>
    public abstract string Format(T value);

    /// <summary>The JSON schema of the value.</summary>
    public abstract JsonObject Schema();

    /// <summary>Reads the node, or reports every mistake in it.</summary>
    public abstract bool TryRead(ConfigNode node, Reading reading, [MaybeNullWhen(false)] out T value);
}
