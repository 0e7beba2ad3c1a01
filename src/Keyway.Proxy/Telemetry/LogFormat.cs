namespace Keyway.Proxy.Telemetry;

/// <summary>The shape of a log line.</summary>
public enum LogFormat
{
    /// <summary>Time, level, event and its fields, for people.</summary>
    Text,

    /// <summary>One JSON object a line, for collectors.</summary>
    Json,
}
