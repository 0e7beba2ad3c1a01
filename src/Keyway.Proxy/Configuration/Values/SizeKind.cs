using System.Globalization;
using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A number of bytes, plain or with <c>kb</c>, <c>mb</c>, <c>gb</c> (1024-fold, any case).</summary>
internal sealed class SizeKind(long min, long max) : ScalarKind<long>
{
    private static readonly (string Suffix, long Factor)[] Units = [("gb", 1L << 30), ("mb", 1L << 20), ("kb", 1L << 10)];

    public override string Describe() => $"size, {Format(min)} to {Format(max)}";

    public override string Format(long value)
    {
        (string suffix, long factor) = Units.FirstOrDefault(u => value >= u.Factor && value % u.Factor == 0, ("", 1));
        return string.Create(CultureInfo.InvariantCulture, $"{value / factor}{suffix}");
    }

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("integer", "string"),
        ["minimum"] = min,
        ["maximum"] = max,
        ["pattern"] = "^[0-9]+([kKmMgG][bB])?$",
    };

    protected override string Remedy(Reading reading) => $"write a size from {Format(min)} to {Format(max)}, such as 64kb, 1mb or 1gb";

    protected override string? Parse(string text, Reading reading, out long value)
    {
        (string suffix, long factor) = Units.FirstOrDefault(u => text.EndsWith(u.Suffix, StringComparison.OrdinalIgnoreCase), ("", 1));
        string digits = text[..^suffix.Length];
        value = 0;
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            return "is not a size";
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count > max / factor)
        {
            return "is out of range";
        }

        value = count * factor;
        return value >= min ? null : "is out of range";
    }
}
