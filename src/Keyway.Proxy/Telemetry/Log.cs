using System.Text;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Telemetry;

/// <summary>
/// Writes one line an event. For any thread: a line is one write under a lock. Never called per request, so that it may allocate. That the
/// output is gone (a closed pipe) is no reason to stop serving: the line is then lost.
/// </summary>
/// <param name="config">The least level, and the shape of a line.</param>
/// <param name="output">Where the lines go; the caller keeps and closes it.</param>
/// <param name="time">The clock of the lines.</param>
public sealed class Log(LogConfig config, Stream output, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>A log to standard error.</summary>
    public static Log ToStandardError(LogConfig config) => new(config, Console.OpenStandardError(), TimeProvider.System);

    /// <summary>True if events of this level are written: ask before building a costly message.</summary>
    public bool IsEnabled(LogLevel level) => level >= config.Level;

    /// <summary>Writes one event.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="name">The event's stable name in lower case with underscores, such as <c>server_down</c>.</param>
    /// <param name="message">What happened, for people. No secrets.</param>
    /// <param name="fields">What it happened to, such as <c>pool</c> and <c>server</c>.</param>
    public void Write(LogLevel level, string name, string message, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        if (!IsEnabled(level))
        {
            return;
        }

        DateTime now = time.GetUtcNow().UtcDateTime;
        byte[] line = config.Format == LogFormat.Json
            ? LogLine.Json(now, level, name, message, fields)
            : Encoding.UTF8.GetBytes(LogLine.Text(now, level, message, fields));
        lock (_lock)
        {
            try
            {
                output.Write(line);
                output.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nobody reads the log any more, or nobody ever did: who started this process closed its standard error.
            }
        }
    }
}
