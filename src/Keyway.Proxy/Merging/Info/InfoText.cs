using System.Text;

namespace Keyway.Proxy.Merging.Info;

/// <summary>The INFO texts of several servers on the way to one.</summary>
internal sealed class InfoText
{
    private readonly List<InfoSection> _sections = [];
    private bool _hasServer;

    /// <summary>Takes in a server's text: <c># Title</c> lines, <c>name:value</c> lines, empty lines.</summary>
    internal void Add(string text)
    {
        var title = "";
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range).TrimEnd('\r');
            if (line.StartsWith('#'))
            {
                // A section without fields (Modules, Keyspace of an empty server) stays visible.
                title = line[1..].Trim().ToString();
                Section(title);
            }
            else if (line.IndexOf(':') is > 0 and var colon)
            {
                Section(title).Add(line[..colon].ToString(), line[(colon + 1)..].ToString(), !_hasServer);
            }
        }

        _hasServer = true;
    }

    /// <summary>The merged text with CRLF line ends, an empty line before each section but the first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var section in _sections)
        {
            section.WriteTo(text);
        }

        return text.ToString();
    }

    private InfoSection Section(string title)
    {
        foreach (var section in _sections)
        {
            if (string.Equals(section.Title, title, StringComparison.Ordinal))
            {
                return section;
            }
        }

        _sections.Add(new InfoSection(title));
        return _sections[^1];
    }
}
