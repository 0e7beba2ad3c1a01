namespace Keyway.Proxy.Telemetry;

/// <summary>How much an event matters to an operator.</summary>
public enum LogLevel
{
    /// <summary>Single connections and requests: for hunting a fault.</summary>
    Debug,

    /// <summary>Start, stop, changes of state.</summary>
    Info,

    /// <summary>Something is wrong, service goes on.</summary>
    Warn,

    /// <summary>Something failed and somebody should look.</summary>
    Error,
}
