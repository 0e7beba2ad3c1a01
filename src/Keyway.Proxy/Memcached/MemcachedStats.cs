using System.Diagnostics;
using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Memcached;

/// <summary>
/// What <c>stats</c> says: the pool on all reactors together; the servers' health as the answering reactor sees it. Names that memcached has too mean
/// the same.
/// </summary>
internal static class MemcachedStats
{
    internal static void Write(OutputBuffer reply, PoolState pool, MemcachedProtocol protocol)
    {
        IReadOnlyList<PoolState> states = pool.Shared.States;
        StringBuilder text = new();
        Add(text, "pid", Environment.ProcessId);
        Add(text, "uptime", (long)Uptime.TotalSeconds);
        Add(text, "time", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Add(text, "version", ServerVersion(protocol));
        Add(text, "pointer_size", IntPtr.Size * 8);
        Add(text, "curr_connections", states.Sum(static state => state.Counters.Clients));
        Add(text, "total_connections", states.Sum(static state => state.Counters.ClientsAccepted));
        Add(text, "rejected_connections", states.Sum(static state => state.Counters.ClientsRefused));
        Add(text, "threads", states.Count);
        Add(text, "keyway_version", typeof(MemcachedStats).Assembly.GetName().Version!.ToString(3));
        Add(text, "keyway_pool", pool.Config.Name);
        Add(text, "keyway_clients_too_slow", states.Sum(static state => state.Counters.ClientsTooSlow));
        Add(text, "keyway_clients_malformed", states.Sum(static state => state.Counters.ClientsMalformed));
        Add(text, "keyway_requests", states.Sum(static state => state.Counters.Requests));
        Add(text, "keyway_buffer_bytes", states.Sum(static state => state.Reactor.Buffers.InUse));
        foreach ((string name, long value) in SmartFigures.Of(states))
        {
            Add(text, name, value);
        }

        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            Add(text, "keyway_failed_" + FailureNames.Of(kind), states.Sum(state => state.Counters.FailuresOf(kind)));
        }

        foreach (ServerState server in pool.Servers)
        {
            Add(text, "keyway_server:" + server.Label, server.Health.IsDown ? "down" : "up");
        }

        reply.Write(Encoding.UTF8.GetBytes(text.Append("END\r\n").ToString()));
    }

    private static TimeSpan Uptime
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return DateTime.Now - process.StartTime;
        }
    }

    /// <summary>The servers' if it is known, since clients go by it.</summary>
    private static string ServerVersion(MemcachedProtocol protocol) =>
        protocol.ServerVersion is { } line ? Encoding.ASCII.GetString(line)["VERSION ".Length..].TrimEnd() : "unknown";

    private static void Add(StringBuilder text, string name, IFormattable value) => Add(text, name, value.ToString(null, CultureInfo.InvariantCulture));

    private static void Add(StringBuilder text, string name, string value) =>
        text.Append("STAT ").Append(name).Append(' ').Append(value).Append("\r\n");
}
