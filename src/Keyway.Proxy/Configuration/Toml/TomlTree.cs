using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Toml;

/// <summary>
/// Builds the tree of a TOML document, https://toml.io/en/v1.0.0, of the kind that relayer files are: tables and arrays of tables with plain
/// names, and in them keys with strings of one line, decimal numbers, booleans and lists. What else TOML has is refused by name. The first
/// mistake ends the reading.
/// </summary>
internal sealed class TomlTree
{
    private readonly TomlText _text;
    private readonly List<ConfigEntry> _root = [];

    // The tables of each [[array of tables]].
    private readonly Dictionary<string, List<ConfigNode>> _arrays = new(StringComparer.Ordinal);

    private TomlTree(string text) => _text = new TomlText(text);

    /// <summary>The document, or null after reporting why there is none.</summary>
    public static MappingNode? Load(string text, Reading reading)
    {
        try
        {
            return new TomlTree(text).Document();
        }
        catch (TomlException e)
        {
            reading.Error(e.Line, e.Column, e.Message, e.Remedy);
            return null;
        }
    }

    private MappingNode Document()
    {
        (List<ConfigEntry> table, string path) = (_root, "");
        for (_text.SkipLines(); !_text.IsAtEnd; _text.SkipLines())
        {
            if (_text.Next == '[')
            {
                (table, path) = Header();
            }
            else
            {
                Entry(table, path);
            }

            EndLine();
        }

        return new MappingNode("", 1, 1, _root);
    }

    /// <summary><c>[name]</c> or <c>[[name]]</c>: the entries that follow belong to a new table.</summary>
    private (List<ConfigEntry> Table, string Path) Header()
    {
        (long line, long column) = (_text.Line, _text.Column);
        _text.Take();
        bool isArray = _text.TryTake('[');
        string end = isArray ? "]]" : "]";
        ScalarNode name = Key("");
        _text.SkipBlanks();
        if (!_text.Sees(end))
        {
            throw _text.Mistake("the table's name does not end", _text.Next == '.' ? "names with a point are not understood, write a plain one" : $"close it with {end}");
        }

        foreach (char _ in end)
        {
            _text.Take();
        }

        List<ConfigEntry> entries = [];
        if (!isArray)
        {
            Add(_root, name, new MappingNode(name.Value, line, column, entries));
            return (entries, name.Value);
        }

        if (!_arrays.TryGetValue(name.Value, out List<ConfigNode>? tables))
        {
            _arrays[name.Value] = tables = [];
            Add(_root, name, new SequenceNode(name.Value, line, column, tables));
        }

        string path = $"{name.Value}[{tables.Count}]";
        tables.Add(new MappingNode(path, line, column, entries));
        return (entries, path);
    }

    private void Entry(List<ConfigEntry> table, string path)
    {
        ScalarNode key = Key(path);
        _text.SkipBlanks();
        if (!_text.TryTake('='))
        {
            throw _text.Mistake($"no value for '{key.Value}'", _text.Next == '.' ? "keys with a point are not understood, write a plain one" : "write key = value");
        }

        _text.SkipBlanks();
        Add(table, key, TomlValue.Take(_text, path.Length == 0 ? key.Value : $"{path}.{key.Value}"));
    }

    private ScalarNode Key(string path)
    {
        _text.SkipBlanks();
        (long line, long column) = (_text.Line, _text.Column);
        string name = _text.Next is '"' or '\''
            ? TomlString.Take(_text)
            : _text.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        return name.Length > 0
            ? new ScalarNode(path, line, column, name, isNull: false)
            : throw new TomlException(line, column, "a name was expected", "write key = value, or [[relayer]]; a comment begins with #");
    }

    private static void Add(List<ConfigEntry> table, ScalarNode key, ConfigNode value)
    {
        if (table.Find(e => string.Equals(e.Key.Value, key.Value, StringComparison.Ordinal)) is { } first)
        {
            throw new TomlException(key.Line, key.Column, $"'{key.Value}' is given twice", $"keep one of them (the first is in line {first.Key.Line})");
        }

        table.Add(new ConfigEntry(key, value));
    }

    private void EndLine()
    {
        _text.SkipBlanks();
        if (_text.Next is not ('\n' or '#') && !_text.IsAtEnd)
        {
            throw _text.Mistake($"{Quoting.Show(_text.Next.ToString())} behind the value", "begin a new line, or put a # before a comment");
        }
    }
}
