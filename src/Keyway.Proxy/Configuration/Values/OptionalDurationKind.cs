using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A duration, or <c>none</c> (also 0, as in nutcracker) for no limit.</summary>
internal sealed class OptionalDurationKind : ScalarKind<TimeSpan?>
{
    public override string Describe() => "duration, or `none`";

    public override string Format(TimeSpan? value) => value is { } limit ? Durations.Format(limit) : "none";

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("integer", "string"),
        ["minimum"] = 0,
        ["pattern"] = $"{Durations.Pattern}|^none$",
    };

    protected override string Remedy(Reading reading) => Durations.Remedy(TimeSpan.Zero, optional: true, reading);

    protected override string? Parse(string text, Reading reading, out TimeSpan? value)
    {
        value = null;
        if (text is "none" && !reading.IsNutcracker)
        {
            return null;
        }

        string? fault = Durations.Parse(text, reading, out TimeSpan limit);
        value = limit == TimeSpan.Zero ? null : limit;
        return fault;
    }
}
