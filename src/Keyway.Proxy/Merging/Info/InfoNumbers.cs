using System.Globalization;

namespace Keyway.Proxy.Merging.Info;

/// <summary>Arithmetic on the numbers of INFO texts.</summary>
internal static class InfoNumbers
{
    private static readonly string[] Units = ["B", "K", "M", "G", "T", "P"];

    /// <summary>The sum, with as many decimals as the finer of the two; null if either is no number.</summary>
    internal static string? Add(string left, string right) =>
        TryParse(left, out var a) && TryParse(right, out var b) ? (a + b).ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Bytes as Redis prints them in <c>*_human</c> fields: <c>1.50M</c>, or <c>512B</c>.</summary>
    internal static string Human(decimal bytes)
    {
        var unit = 0;
        var scaled = bytes;
        while (scaled >= 1024 && unit < Units.Length - 1)
        {
            scaled /= 1024;
            unit++;
        }

        return scaled.ToString(unit == 0 ? "0" : "0.00", CultureInfo.InvariantCulture) + Units[unit];
    }

    internal static bool TryParse(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && Math.Abs(number) < ulong.MaxValue;
}
