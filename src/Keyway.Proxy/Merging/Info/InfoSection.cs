using System.Text;

namespace Keyway.Proxy.Merging.Info;

/// <summary>One section of INFO: its fields in the order in which they were first met.</summary>
internal sealed class InfoSection(string title)
{
    private readonly List<(string Name, string Value)> _fields = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    /// <summary>The title without <c>#</c>; empty for fields before any title.</summary>
    internal string Title { get; } = title;

    /// <summary>Takes in a server's field.</summary>
    /// <param name="name">What stands before the first colon.</param>
    /// <param name="value">What stands behind it.</param>
    /// <param name="isFirstServer">Facts are taken from the first server alone.</param>
    internal void Add(string name, string value, bool isFirstServer)
    {
        var rule = InfoRules.For(name);
        if (rule == InfoRule.Drop || (!isFirstServer && rule == InfoRule.First))
        {
            return;
        }

        if (rule == InfoRule.First || !_indexes.TryGetValue(name, out var index))
        {
            // One server's facts may share a name: there is a "module" line for each module.
            _indexes[name] = _fields.Count;
            _fields.Add((name, value));
        }
        else if (rule == InfoRule.Sum)
        {
            _fields[index] = (name, InfoNumbers.Add(_fields[index].Value, value) ?? _fields[index].Value);
        }
        else if (rule == InfoRule.Counts)
        {
            _fields[index] = (name, InfoCounts.Add(_fields[index].Value, value));
        }
    }

    internal void WriteTo(StringBuilder text)
    {
        if (text.Length > 0)
        {
            text.Append("\r\n");
        }

        if (Title.Length > 0)
        {
            text.Append("# ").Append(Title).Append("\r\n");
        }

        foreach (var (name, value) in _fields)
        {
            text.Append(name).Append(':').Append(InfoRules.For(name) == InfoRule.Human ? Human(name, value) : value).Append("\r\n");
        }
    }

    /// <summary>From the number that it spells, or as the first server has it if that is not there.</summary>
    private string Human(string name, string first) =>
        _indexes.TryGetValue(name[..^InfoRules.HumanSuffix.Length], out var bytes) && InfoNumbers.TryParse(_fields[bytes].Value, out var number)
            ? InfoNumbers.Human(number)
            : first;
}
