using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Keyway.Proxy.Configuration.Yaml;

/// <summary>
/// Builds the tree of a YAML document from the parser's events. Unlike the library's own tree it keeps repeated keys, so that they are
/// reported together with all other mistakes, and it bounds the nesting.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>The deepest sensible file has 5 levels.</summary>
    private const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly Reading _reading;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);

    private readonly string _text;

    private YamlTree(string text, Reading reading)
    {
        _text = text;
        _parser = new Parser(new StringReader(text));
        _reading = reading;
    }

    /// <summary>The document's root, or null after reporting why there is none.</summary>
    public static ConfigNode? Load(string text, Reading reading)
    {
        var tree = new YamlTree(text, reading);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            return tree.Refuse(e.Start, $"this is not YAML ({e.Message.TrimEnd('.')})");
        }
        catch (InvalidOperationException)
        {
            // The library's scanner gives up so on some broken flow mappings, without a place: the last one known is near.
            return tree.Refuse(tree._parser.Current?.End ?? Mark.Empty, "what follows is not YAML");
        }
    }

    private ConfigNode? Refuse(Mark at, string message)
    {
        _reading.Error(at.Line, at.Column, message, NeedsQuotes(at) ?? "check the indentation, quotes and colons here");
        return null;
    }

    /// <summary>What to do about an address that YAML takes for something else; null where there is none.</summary>
    private string? NeedsQuotes(Mark at)
    {
        string line = _text.Split('\n').ElementAtOrDefault((int)at.Line - 1) ?? "";
        return line.Contains(" *:", StringComparison.Ordinal) ? "put an address that begins with '*' in quotes: \"*:6380\""
            : line.Contains("]:", StringComparison.Ordinal) ? "put an address in brackets in quotes: \"[::1]:6380\""
            : null;
    }

    private ConfigNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _reading.Error(1, 1, "the file is empty", "describe at least one pool under 'pools:'");
            return null;
        }

        _parser.Consume<DocumentStart>();
        ConfigNode root = Node("", 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out DocumentStart? second))
        {
            _reading.Error(second.Start.Line, second.Start.Column, "a second document begins here", "keep one document in the file");
            return null;
        }

        return root;
    }

    private ConfigNode Node(string path, int depth)
    {
        ParsingEvent next = _parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
        {
            throw new YamlException(next.Start, next.End, "nested too deeply");
        }

        if (next is AnchorAlias alias)
        {
            return _anchors.TryGetValue(alias.Value.Value, out ConfigNode? known)
                ? known
                : throw new YamlException(next.Start, next.End, "an alias without an anchor before it");
        }

        ConfigNode node = next switch
        {
            Scalar scalar => Scalar(path, scalar),
            SequenceStart => Sequence(path, next.Start, depth),
            MappingStart => Mapping(path, next.Start, depth),
            _ => throw new YamlException(next.Start, next.End, "a value was expected"),
        };
        if (next is NodeEvent { Anchor: { IsEmpty: false } anchor })
        {
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private static ScalarNode Scalar(string path, Scalar scalar)
    {
        bool isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";
        return new ScalarNode(path, scalar.Start.Line, scalar.Start.Column, scalar.Value, isNull);
    }

    private SequenceNode Sequence(string path, Mark start, int depth)
    {
        List<ConfigNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node($"{path}[{items.Count}]", depth + 1));
        }

        return new SequenceNode(path, start.Line, start.Column, items);
    }

    private MappingNode Mapping(string path, Mark start, int depth)
    {
        List<ConfigEntry> entries = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            Mark at = _parser.Current!.Start;
            if (Node(path, depth + 1) is not ScalarNode key)
            {
                throw new YamlException(at, at, "a key must be a single word");
            }

            entries.Add(new ConfigEntry(key, Node(path.Length == 0 ? key.Value : $"{path}.{key.Value}", depth + 1)));
        }

        return new MappingNode(path, start.Line, start.Column, entries);
    }
}
