using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>The keys at the top of a file and under <c>log</c>.</summary>
internal static class RootKeys
{
    public static readonly KeywayConfig Defaults = new() { Pools = [] };

    public static readonly Section<LogConfig> Log = new("log", Defaults.Log,
    [
        new TypedKey<LogConfig, LogLevel>(
            "level",
            new NameKind<LogLevel>(("debug", LogLevel.Debug), ("info", LogLevel.Info), ("warn", LogLevel.Warn), ("error", LogLevel.Error)),
            l => l.Level, (l, v) => l with { Level = v },
            "The least level that is written to standard error."),
        new TypedKey<LogConfig, LogFormat>(
            "format", new NameKind<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)),
            l => l.Format, (l, v) => l with { Format = v },
            "One line an event, as text for people or as a JSON object for collectors."),
    ]);

    public static readonly Section<KeywayConfig> Section = new("the file", Defaults,
    [
        new TypedKey<KeywayConfig, int>(
            "threads", new IntegerKind(0, KeywayConfig.MaxThreads),
            c => c.Threads, (c, v) => c with { Threads = v },
            "Reactor threads; 0 takes one for each core, at most 4."),
        new TypedKey<KeywayConfig, long>(
            "max_buffers", new SizeKind(1L << 20, 1L << 40),
            c => c.MaxBuffers, (c, v) => c with { MaxBuffers = v },
            "Most bytes of buffers in the process; past it reading stops and the largest consumers are closed."),
        new TypedKey<KeywayConfig, LogConfig>("log", Log, c => c.Log, (c, v) => c with { Log = v }, "What is logged, and how."),
        new TypedKey<KeywayConfig, IReadOnlyList<PoolConfig>>(
            "pools", PoolMap.Instance,
            c => c.Pools, (c, v) => c with { Pools = v },
            "The pools: each has its addresses, its servers and its settings.") { Required = true },
    ]);
}
