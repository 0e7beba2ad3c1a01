using System.Diagnostics.CodeAnalysis;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A kind of value that is one word or string in the file.</summary>
internal abstract class ScalarKind<T> : ValueKind<T>
{
    /// <summary>What would be right, as an instruction.</summary>
    protected abstract string Remedy(Reading reading);

    /// <summary>What <paramref name="text"/> is not, such as "is not a duration"; null if it is one.</summary>
    protected abstract string? Parse(string text, Reading reading, out T value);

    /// <summary>The text as a message may show it; secrets override this.</summary>
    protected virtual string Show(string text) => $" {Quoting.Show(text)}";

    public sealed override bool TryRead(ConfigNode node, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode scalar)
        {
            reading.Error(node, $"{node.Path} is {(node is SequenceNode ? "a list" : "a mapping")}", Remedy(reading));
            return false;
        }

        if (scalar.IsNull || scalar.Value.Length == 0)
        {
            reading.Error(node, $"{node.Path} has no value", Remedy(reading));
            return false;
        }

        if (Parse(scalar.Value, reading, out value) is { } fault)
        {
            reading.Error(node, $"{node.Path}{Show(scalar.Value)} {fault}", Remedy(reading));
            return false;
        }

        return true;
    }
}
