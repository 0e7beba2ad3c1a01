using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Configuration;

/// <summary>What is logged to standard error, and how.</summary>
public sealed record LogConfig
{
    /// <summary>The least level that is written (<c>log.level</c>).</summary>
    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <summary>One line an event, as text or as JSON (<c>log.format</c>).</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;
}
