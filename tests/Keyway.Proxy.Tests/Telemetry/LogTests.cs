using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Tests.Telemetry;

public sealed class LogTests : IDisposable
{
    private readonly MemoryStream _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Write_Text_HasTimeLevelFieldsAndMessage()
    {
        Log(LogFormat.Text).Write(LogLevel.Info, "server_down", "server is down (2 failures, last: connection refused)", ("pool", "cache"), ("server", "alpha"));

        Assert.Equal("2026-08-21T10:00:00.123Z INFO  pool=cache server=alpha: server is down (2 failures, last: connection refused)\n", Written());
    }

    [Fact]
    public void Write_TextWithoutFields_HasNoColon()
    {
        Log(LogFormat.Text).Write(LogLevel.Error, "stopped", "stopped");

        Assert.Equal("2026-08-21T10:00:00.123Z ERROR stopped\n", Written());
    }

    [Fact]
    public void Write_Json_IsOneObjectALine()
    {
        Log(LogFormat.Json).Write(LogLevel.Warn, "server_down", "it's \"down\"\n", ("pool", "cache"));

        Assert.Equal(
            """{"time":"2026-08-21T10:00:00.123Z","level":"warn","event":"server_down","message":"it's \"down\"\n","pool":"cache"}""" + "\n", Written());
    }

    [Fact]
    public void Write_TextWithControlCharacters_StaysOneLine()
    {
        Log(LogFormat.Text).Write(LogLevel.Info, "e", "a\nb\u001b[31m", ("pool", "x y=\"\r"));

        Assert.Equal("2026-08-21T10:00:00.123Z INFO  pool=\"x y=\\\"?\": a?b?[31m\n", Written());
    }

    [Fact]
    public void Write_BelowTheLevel_WritesNothing()
    {
        Log log = Log(LogFormat.Text);
        log.Write(LogLevel.Debug, "e", "m");

        Assert.False(log.IsEnabled(LogLevel.Debug));
        Assert.Equal("", Written());
    }

    [Fact]
    public void Write_ByManyThreads_KeepsLinesWhole()
    {
        Log log = Log(LogFormat.Text);
        Parallel.For(0, 500, i => log.Write(LogLevel.Info, "e", new string((char)('a' + (i % 26)), 100)));

        string[] lines = Written().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(500, lines.Length);
        Assert.All(lines, line => Assert.Single(line[^100..].Distinct()));
    }

    [Fact]
    public void Write_OutputThatIsGone_IsIgnored() =>
        new Log(new LogConfig(), new GoneStream(), TimeProvider.System).Write(LogLevel.Error, "e", "m");

    [Fact]
    public void Limit_StormOfEvents_PassesOneAnIntervalAndCountsTheOthers()
    {
        var time = new SettableTime();
        var limit = new LogLimit(TimeSpan.FromSeconds(10), time);

        Assert.True(limit.TryPass(out long withheld));
        Assert.Equal(0, withheld);
        Assert.False(limit.TryPass(out _));
        Assert.False(limit.TryPass(out _));
        time.Now += TimeSpan.FromSeconds(10);
        Assert.True(limit.TryPass(out withheld));
        Assert.Equal(2, withheld);
        Assert.False(limit.TryPass(out _));
    }

    private Log Log(LogFormat format) => new(new LogConfig { Format = format }, _output, new SettableTime());

    private string Written() => Encoding.UTF8.GetString(_output.ToArray());

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 8, 21, 10, 0, 0, 123, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;
    }

    private sealed class GoneStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}
