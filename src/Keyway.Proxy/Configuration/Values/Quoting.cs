namespace Keyway.Proxy.Configuration.Values;

/// <summary>Shows a piece of the file in a message.</summary>
internal static class Quoting
{
    private const int MaxShown = 60;

    /// <summary>The text in quotes, cut to a line; nothing of it if it may hold a password, as <c>user:password@host</c> does.</summary>
    public static string Show(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return "(not shown: it contains '@')";
        }

        string line = new([.. text.Take(MaxShown).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > MaxShown ? $"'{line}...'" : $"'{line}'";
    }
}
