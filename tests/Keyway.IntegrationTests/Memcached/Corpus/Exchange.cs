using System.Text;

namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>What one client says on a connection of its own.</summary>
/// <param name="Name">For people who look for a failure.</param>
/// <param name="Text">The bytes, as Latin-1.</param>
/// <param name="Cuts">Where the text is cut into pieces that are sent one by one, ascending.</param>
/// <param name="IsClosing">The server closes at the end: nothing is asked after it, since unread input would turn the close into a reset.</param>
internal sealed record Exchange(string Name, string Text, IReadOnlyList<int> Cuts, bool IsClosing = false)
{
    /// <summary>An exchange that is sent in one piece.</summary>
    public static Exchange Whole(string text, bool isClosing = false) => new(Show(text), text, [], isClosing);

    /// <summary>The same, cut at so many random places.</summary>
    public Exchange Cut(Random random, int count) =>
        this with { Cuts = [.. Enumerable.Range(0, count).Select(_ => random.Next(Text.Length + 1)).Distinct().Order()] };

    /// <summary>The pieces to send.</summary>
    public IEnumerable<byte[]> Pieces()
    {
        var from = 0;
        foreach (var cut in Cuts.Append(Text.Length))
        {
            yield return Encoding.Latin1.GetBytes(Text[from..cut]);
            from = cut;
        }
    }

    /// <summary>Readable in one line, the middle of long runs left out.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var run = 1;
            while (i + run < text.Length && text[i + run] == text[i])
            {
                run++;
            }

            var letter = text[i] switch { '\r' => "", '\n' => "~", < ' ' or > '~' => $"\\x{(int)text[i]:x2}", var other => other.ToString() };
            shown.Append(run > 20 ? $"{letter}*{run} " : string.Concat(Enumerable.Repeat(letter, run)));
            i += run;
        }

        return shown.Length > 4000 ? shown.ToString(0, 4000) + "..." : shown.ToString();
    }
}
