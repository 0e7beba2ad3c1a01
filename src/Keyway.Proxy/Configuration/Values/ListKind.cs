using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A list of scalars; one scalar alone where <paramref name="single"/> is allowed.</summary>
internal sealed class ListKind<T>(ScalarKind<T> item, string items, bool single) : ValueKind<IReadOnlyList<T>>
    where T : class
{
    public override string Describe() => single ? $"{item.Describe()}; one or a list" : $"list of {item.Describe()}";

    public override string Format(IReadOnlyList<T> value) => value.Count == 0 ? "none" : string.Join(", ", value.Select(item.Format));

    public override JsonObject Schema()
    {
        JsonObject list = new() { ["type"] = "array", ["minItems"] = 1, ["items"] = item.Schema() };
        return single ? new JsonObject { ["anyOf"] = new JsonArray(item.Schema(), list) } : list;
    }

    public override bool TryRead(ConfigNode node, Reading reading, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        List<T> read = [];
        value = read;
        IReadOnlyList<ConfigNode> nodes = node switch
        {
            SequenceNode list => list.Items,
            ScalarNode { IsNull: false } when single => [node],
            _ => [],
        };
        if (nodes.Count == 0)
        {
            reading.Error(node, $"{node.Path} {(node is SequenceNode ? "is empty" : "is not a list")}", $"write a list of {items}: [A, B], or each in a line of its own behind '- '");
            return false;
        }

        foreach (ConfigNode each in nodes)
        {
            if (item.TryRead(each, reading, out T? one))
            {
                reading.Came(one, each);
                read.Add(one);
            }
        }

        return true;
    }
}
