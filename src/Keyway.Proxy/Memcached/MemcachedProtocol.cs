using System.Text;
using Keyway.Net;
using Keyway.Protocol.Memcached;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Memory.Memcached;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <summary>Pools with <c>protocol: memcached</c>. One for each pool and reactor.</summary>
internal sealed class MemcachedProtocol : ProtocolDriver
{
    /// <summary>The request at hand.</summary>
    internal MemcachedRequest Request { get; } = new();

    /// <summary>Where a key in base64 is decoded.</summary>
    internal byte[] KeyScratch { get; } = new byte[MemcachedKey.MaxLength];

    /// <summary>The scratch of <see cref="KeyGrouping"/>: one, since a reactor splits one command at a time.</summary>
    internal KeyGrouping Grouping { get; } = new();

    /// <summary>The run of gets at hand, see <see cref="GetRun"/>.</summary>
    internal GetRun Run { get; } = new();

    /// <summary>The split gets that are not in use.</summary>
    internal Stack<SplitGet> SpareGets { get; } = new();

    /// <summary>Takes the replies that nobody waits for.</summary>
    internal SilentSink? Silence { get; private set; }

    /// <summary>The line that a server answered to <c>version</c>, once one was asked.</summary>
    internal byte[]? ServerVersion { get; set; }

    internal override ReadOnlySpan<byte> ProbeRequest => "version\r\n"u8;

    internal override ClientConnection CreateClient(PoolState pool)
    {
        Silence ??= new SilentSink(pool.Counters);
        return new MemcachedClient(pool, this);
    }

    internal override ServerConnection CreateServerConnection(ServerState server, Lane lane) => new MemcachedServerConnection(server);

    internal override IByteService CreateMemorySession(MemoryStore store) => new MemcachedSession(store);

    internal override string? ProbeFailure(ReadOnlySpan<byte> reply) =>
        reply.StartsWith("VERSION"u8) ? null : Encoding.UTF8.GetString(reply).TrimEnd();
}
