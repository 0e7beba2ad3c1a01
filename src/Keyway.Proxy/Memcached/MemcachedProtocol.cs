using System.Text;
using Keyway.Net;
using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Memory.Memcached;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Memcached;

/// <summary>Pools with <c>protocol: memcached</c>. One for each pool and reactor.</summary>
internal sealed class MemcachedProtocol : ProtocolDriver
{
    private readonly MemcachedRequest _stored = new(); // a request that the journal had
    private OutputBuffer? _plainScratch;

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

    /// <summary>For smart mode: how large an item each server takes.</summary>
    internal ItemLimits ItemLimits { get; } = new();

    /// <summary>The scratch for a request in its plain form.</summary>
    internal OutputBuffer PlainScratch(BufferPool buffers) => _plainScratch ??= new OutputBuffer(buffers);

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

    internal override ServerConnection CreateServerConnection(ServerState server, Lane lane) => new MemcachedServerConnection(server, server.Pool.Smart is null ? null : ItemLimits);

    internal override IByteService CreateMemorySession(MemoryStore store) => new MemcachedSession(store);

    internal override bool TryReadWrite(ReadOnlySpan<byte> frame, RespLimits limits, ref EarlyWrite write)
    {
        MemcachedScanState state = default;
        if (MemcachedRequestScanner.Scan(frame, ref state, _stored, limits.MaxBulk, out int length) != ScanStatus.Complete
            || length != frame.Length || _stored.Error != MemcachedError.None)
        {
            return false;
        }

        write.TextCommand = _stored.Command;
        write.MayRepeat = _stored.Command!.MayRepeat;
        return true;
    }

    internal override string? RefusalOf(ReadOnlySpan<byte> reply, in EarlyWrite write) => MemcachedRefusal.Of(reply, write.TextCommand!);

    internal override string? ProbeFailure(ReadOnlySpan<byte> reply) =>
        reply.StartsWith("VERSION"u8) ? null : Encoding.UTF8.GetString(reply).TrimEnd();
}
