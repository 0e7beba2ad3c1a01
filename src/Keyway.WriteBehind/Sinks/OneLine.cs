namespace Keyway.WriteBehind.Sinks;

/// <summary>Makes a line for the log of what others wrote.</summary>
internal static class OneLine
{
    private const int Longest = 500;

    /// <summary>What an exception says, and the one within, which often is the one that knows: what is wrong with a certificate, for instance.</summary>
    public static string Of(Exception e) =>
        Of(e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{e.Message} {inner.Message}" : e.Message);

    /// <summary>The text with line ends, tabs and other control characters as single spaces, cut off when it is long.</summary>
    public static string Of(string text)
    {
        // Some services repeat all that they were sent.
        text = text.Length <= 2 * Longest ? text : text[..(2 * Longest)];
        var line = string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(static c => !char.IsControl(c)));
        return line.Length <= Longest ? line : string.Concat(line.AsSpan(0, Longest), "...");
    }
}
