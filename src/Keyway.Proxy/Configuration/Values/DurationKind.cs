using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A duration of at least <paramref name="min"/>; less is raised to it in a nutcracker file, where any number is allowed.</summary>
internal sealed class DurationKind(TimeSpan min) : ScalarKind<TimeSpan>
{
    public override string Describe() => min == TimeSpan.Zero ? "duration" : $"duration, at least {Durations.Format(min)}";

    public override string Format(TimeSpan value) => Durations.Format(value);

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("integer", "string"),
        ["minimum"] = (long)min.TotalMilliseconds,
        ["pattern"] = Durations.Pattern,
    };

    protected override string Remedy(Reading reading) => Durations.Remedy(min, optional: false, reading);

    protected override string? Parse(string text, Reading reading, out TimeSpan value)
    {
        if (Durations.Parse(text, reading, out value) is { } fault)
        {
            return fault;
        }

        if (reading.IsNutcracker && value < min)
        {
            value = min;
        }

        return value >= min ? null : "is too short";
    }
}
