using System.Text;
using System.Text.Json;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Json;

/// <summary>Builds the tree of a JSON document, each node with its place. A key given twice is an entry twice, for the reader to report.</summary>
internal static class JsonTree
{
    /// <summary>The deepest sensible file has 3 levels.</summary>
    private const int MaxDepth = 32;

    /// <summary>The document's root, or null after reporting why there is none.</summary>
    public static ConfigNode? Load(string text, Reading reading)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var lines = new LineMap(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            ConfigNode root = Node(ref reader, "", lines);

            // What stands behind the value is reported here.
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            long line = e.LineNumber ?? 0;
            reading.Error(line + 1, lines.Column(line, e.BytePositionInLine ?? 0), $"this is not JSON ({Message(e)})", "check the quotes, commas and brackets here");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The library's words for an escape such as \ud800 that is half a character.
            (long line, long column) = lines.PlaceOf(reader.TokenStartIndex);
            reading.Error(line, column, "this is not JSON (a text with half a character)", "check the \\u escapes here");
            return null;
        }
    }

    private static ConfigNode Node(ref Utf8JsonReader reader, string path, LineMap lines)
    {
        (long line, long column) = lines.PlaceOf(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                List<ConfigNode> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Node(ref reader, $"{path}[{items.Count}]", lines));
                }

                return new SequenceNode(path, line, column, items);
            case JsonTokenType.StartObject:
                List<ConfigEntry> entries = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    (long keyLine, long keyColumn) = lines.PlaceOf(reader.TokenStartIndex);
                    var key = new ScalarNode(path, keyLine, keyColumn, reader.GetString()!, isNull: false);
                    reader.Read();
                    entries.Add(new ConfigEntry(key, Node(ref reader, $"{path}.{key.Value}", lines)));
                }

                return new MappingNode(path, line, column, entries);
            case JsonTokenType.String:
                return new ScalarNode(path, line, column, reader.GetString()!, isNull: false) { Type = ScalarType.Text };
            case JsonTokenType.Number:
                string digits = Encoding.ASCII.GetString(reader.ValueSpan);
                ScalarType type = digits.AsSpan().ContainsAny(".eE") ? ScalarType.Float : ScalarType.Integer;
                return new ScalarNode(path, line, column, digits, isNull: false) { Type = type };
            case JsonTokenType.Null:
                return new ScalarNode(path, line, column, "", isNull: true);
            default:
                string word = reader.TokenType == JsonTokenType.True ? "true" : "false";
                return new ScalarNode(path, line, column, word, isNull: false) { Type = ScalarType.Boolean };
        }
    }

    /// <summary>The library's first sentence: behind it are advice to programmers and the place, which is given already.</summary>
    private static string Message(JsonException e)
    {
        int end = e.Message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
    }
}
