using System.Globalization;
using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A whole number in a range.</summary>
internal sealed class IntegerKind(int min, int max) : ScalarKind<int>
{
    private readonly string _range = string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");

    public override string Describe() => $"number, {_range}";

    public override string Format(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };

    protected override string Remedy(Reading reading) => $"write a whole number from {_range}";

    protected override string? Parse(string text, Reading reading, out int value)
    {
        bool isNumber = text.All(char.IsAsciiDigit);
        bool fits = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (!isNumber)
        {
            return "is not a number";
        }

        return fits && value >= min && value <= max ? null : "is out of range";
    }
}
