namespace Keyway.Proxy.Memory.Memcached;

/// <summary>The words of a command's line, which blanks part. Used again for every line.</summary>
internal sealed class CommandWords
{
    private readonly List<Range> _words = [];

    /// <summary>Number of words, the command's name included.</summary>
    public int Count => _words.Count;

    /// <summary>Finds the words of a line; what follows a zero byte is none of it.</summary>
    public void Read(ReadOnlySpan<byte> line)
    {
        _words.Clear();
        int end = line.IndexOf((byte)0) is var zero and >= 0 ? zero : line.Length;
        int start = 0;
        for (int at = 0; at <= end; at++)
        {
            if (at == end || line[at] == ' ')
            {
                if (at > start)
                {
                    _words.Add(start..at);
                }

                start = at + 1;
            }
        }
    }

    /// <summary>A word of the line that was read.</summary>
    public ReadOnlySpan<byte> Get(ReadOnlySpan<byte> line, int index) => line[_words[index]];
}
