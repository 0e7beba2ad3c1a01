using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Keyway.Proxy.Telemetry;

/// <summary>The two shapes of a log line; whatever an event contains, it stays one line.</summary>
internal static class LogLine
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>2026-08-21T10:00:00.123Z INFO  pool=cache server=alpha: server is down</c></summary>
    public static string Text(DateTime time, LogLevel level, string message, ReadOnlySpan<(string Name, string Value)> fields)
    {
        StringBuilder line = new(message.Length + 96);
        line.Append(time.ToString(TimeFormat, CultureInfo.InvariantCulture)).Append(' ').Append(Name(level).ToUpperInvariant().PadRight(5));
        foreach ((string name, string value) in fields)
        {
            bool isWord = value.Length > 0 && !value.AsSpan().ContainsAny(" \"=");
            line.Append(' ').Append(name).Append('=');
            AppendVisible(line, isWord ? value : $"\"{value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        line.Append(fields.IsEmpty ? " " : ": ");
        AppendVisible(line, message);
        return line.Append('\n').ToString();
    }

    /// <summary><c>{"time":...,"level":"info","event":"server_down","message":...,"pool":"cache","server":"alpha"}</c></summary>
    public static byte[] Json(DateTime time, LogLevel level, string eventName, string message, ReadOnlySpan<(string Name, string Value)> fields)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteString("level", Name(level));
            json.WriteString("event", eventName);
            json.WriteString("message", message);
            foreach ((string name, string value) in fields)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Debug => "debug",
        LogLevel.Info => "info",
        LogLevel.Warn => "warn",
        _ => "error",
    };

    /// <summary>Control characters, which could forge a line or steer a terminal, become a question mark.</summary>
    private static void AppendVisible(StringBuilder line, string text)
    {
        foreach (char c in text)
        {
            line.Append(char.IsControl(c) ? '?' : c);
        }
    }
}
