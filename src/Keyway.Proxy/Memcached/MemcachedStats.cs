using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <summary>What <c>stats</c> says: the pool as the answering reactor sees it. Names that memcached has too mean the same.</summary>
internal static class MemcachedStats
{
    internal static void Write(OutputBuffer reply, PoolState pool, MemcachedProtocol protocol)
    {
        StringBuilder text = new();
        Add(text, "pid", Environment.ProcessId);
        Add(text, "uptime", (long)(DateTimeOffset.UtcNow - Start).TotalSeconds);
        Add(text, "time", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Add(text, "version", ServerVersion(protocol));
        Add(text, "pointer_size", IntPtr.Size * 8);
        Add(text, "curr_connections", pool.ClientCount);
        Add(text, "total_connections", pool.Counters.ClientsAccepted);
        Add(text, "rejected_connections", pool.Counters.ClientsRefused);
        Add(text, "threads", pool.Shared.States.Count);
        Add(text, "keyway_version", typeof(MemcachedStats).Assembly.GetName().Version!.ToString(3));
        Add(text, "keyway_pool", pool.Config.Name);
        Add(text, "keyway_reactor", pool.Reactor.Index);
        Add(text, "keyway_clients_too_slow", pool.Counters.ClientsTooSlow);
        Add(text, "keyway_clients_malformed", pool.Counters.ClientsMalformed);
        Add(text, "keyway_requests", pool.Counters.Requests);
        Add(text, "keyway_buffer_bytes", pool.Reactor.Buffers.InUse);
        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            Add(text, "keyway_failed_" + FailureNames.Of(kind), pool.Counters.FailuresOf(kind));
        }

        foreach (ServerState server in pool.Servers)
        {
            Add(text, "keyway_server:" + server.Label, server.Health.IsDown ? "down" : "up");
        }

        reply.Write(Encoding.UTF8.GetBytes(text.Append("END\r\n").ToString()));
    }

    private static DateTimeOffset Start { get; } = DateTimeOffset.UtcNow;

    /// <summary>The servers' if it is known, since clients go by it.</summary>
    private static string ServerVersion(MemcachedProtocol protocol) =>
        protocol.ServerVersion is { } line ? Encoding.ASCII.GetString(line)["VERSION ".Length..].TrimEnd() : "unknown";

    private static void Add(StringBuilder text, string name, IFormattable value) => Add(text, name, value.ToString(null, CultureInfo.InvariantCulture));

    private static void Add(StringBuilder text, string name, string value) =>
        text.Append("STAT ").Append(name).Append(' ').Append(value).Append("\r\n");
}
