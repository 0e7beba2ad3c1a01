using System.Globalization;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>Durations as the file writes them: <c>250ms</c>, <c>5s</c>, <c>1m</c>, <c>1h</c>; a plain number counts milliseconds as in nutcracker.</summary>
internal static class Durations
{
    /// <summary>The longest that nutcracker's milliseconds can say, over 24 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    public const string Pattern = "^[0-9]+(ms|s|m|h)?$";

    private static readonly (string Suffix, long Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

    public static string Format(TimeSpan value)
    {
        long total = (long)value.TotalMilliseconds;
        (string suffix, long unit) = Units.Last(u => total % u.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{total / unit}{suffix}");
    }

    public static string Remedy(TimeSpan min, bool optional, Reading reading)
    {
        string range = min == TimeSpan.Zero ? "" : $" of at least {Format(min)}";
        return reading.IsNutcracker
            ? "write milliseconds in digits"
            : $"write a duration{range} such as 250ms, 5s, 1m, 1h{(optional ? " or none" : "")}";
    }

    /// <summary>What <paramref name="text"/> is not, or null if it is a duration.</summary>
    public static string? Parse(string text, Reading reading, out TimeSpan value)
    {
        value = default;
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        string suffix = digits == text.Length ? "ms" : text[digits..];
        long unit = Units.FirstOrDefault(u => string.Equals(u.Suffix, suffix, StringComparison.Ordinal)).Milliseconds;
        if (digits == 0 || unit == 0 || (reading.IsNutcracker && digits != text.Length))
        {
            return reading.IsNutcracker ? "is not a number" : "is not a duration";
        }

        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            || count > (long)Longest.TotalMilliseconds / unit)
        {
            return "is out of range";
        }

        value = TimeSpan.FromMilliseconds(count * unit);
        return null;
    }
}
