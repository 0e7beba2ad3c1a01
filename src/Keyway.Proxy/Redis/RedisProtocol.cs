using System.Globalization;
using System.Text;
using Keyway.Net;
using Keyway.Net.Buffers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Compression;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis.Subscriptions;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Redis;

/// <summary>Pools with <c>protocol: redis</c>. One for each pool and reactor: it holds what they have learnt of their servers.</summary>
internal sealed class RedisProtocol : ProtocolDriver
{
    private readonly RequestArgs _stored = new(); // the arguments of a request that the journal had
    private readonly Dictionary<int, byte[]> _ownKeys = []; // by slot
    private OutputBuffer? _partScratch;
    private ValueCodec? _codec;

    /// <summary>Commands by name, those learnt from the servers included.</summary>
    internal CommandCatalogue Commands { get; } = new();

    /// <summary>The databases that the servers are known to have.</summary>
    internal HashSet<int> KnownDatabases { get; } = [];

    /// <summary>The split commands that are not in use.</summary>
    internal Stack<SplitCommand> SpareSplits { get; } = new();

    /// <summary>The scratch of <see cref="KeyGrouping"/>: one, since a reactor splits one command at a time.</summary>
    internal KeyGrouping Grouping { get; } = new();

    /// <summary>The scratch for a part of a write that goes to several servers.</summary>
    internal OutputBuffer PartScratch(BufferPool buffers) => _partScratch ??= new OutputBuffer(buffers);

    /// <summary>A key of Keyway's own in the slot.</summary>
    internal byte[] KeyIn(int slot)
    {
        if (!_ownKeys.TryGetValue(slot, out byte[]? key))
        {
            // Every slot has some number below a few hundred thousand.
            Span<byte> digits = stackalloc byte[10];
            int tag = 0;
            int length;
            while (!tag.TryFormat(digits, out length, default, CultureInfo.InvariantCulture) || KeySlot.Of(digits[..length]) != slot)
            {
                tag++;
            }

            key = [.. "keyway:wait:{"u8, .. digits[..length], (byte)'}'];
            _ownKeys.Add(slot, key);
        }

        return key;
    }

    /// <summary>For RANDOMKEY.</summary>
    internal Random Random { get; } = new();

    /// <summary>The arguments of the request at hand.</summary>
    internal RequestArgs Args { get; } = new();

    /// <summary>The keys of the request at hand.</summary>
    internal KeyList Keys { get; } = new();

    /// <summary>Compresses the values of requests; null in pools that do not.</summary>
    internal RequestCompressor? Compressor { get; private set; }

    /// <summary>The version that the servers say they have, once one was asked.</summary>
    internal string? ServerVersion { get; set; }

    /// <summary>The subscriptions of the reactor's clients; null until one subscribes.</summary>
    internal SubscriptionHub? Hub { get; private set; }

    internal override ReadOnlySpan<byte> ProbeRequest => "*1\r\n$4\r\nPING\r\n"u8;

    internal override ClientConnection CreateClient(PoolState pool)
    {
        if (pool.Config.Compression.IsOn)
        {
            Compressor ??= new RequestCompressor(CodecOf(pool), pool.Reactor.Buffers);
        }

        return new RedisClient(pool, this);
    }

    internal override ServerConnection CreateServerConnection(ServerState server, Lane lane) =>
        new RedisServerConnection(server, lane, server.Pool.Config.Compression.IsOn ? new ReplyDecompressor(CodecOf(server.Pool)) : null);

    internal override IByteService CreateMemorySession(MemoryStore store) => new MemorySession(store);

    /// <summary>The subscriptions of the reactor's clients, from now on.</summary>
    internal SubscriptionHub Subscriptions(PoolState pool) => Hub ??= new SubscriptionHub(pool);

    private ValueCodec CodecOf(PoolState pool) =>
        _codec ??= new ValueCodec(pool.Config.Compression, pool.Config.Limits.ClientOutputHard / 2, pool.Counters);

    internal override void OnHealthChanged() => Hub?.OnHealthChanged();

    internal override void OnMapChanged() => Hub?.OnMapChanged();

    internal override void Stop() => Hub?.Stop();

    internal override bool TryReadWrite(ReadOnlySpan<byte> frame, RespLimits limits, ref EarlyWrite write)
    {
        RequestScanState state = default;
        if (RespRequestScanner.Scan(frame, ref state, _stored, limits, out _, out _) != ScanStatus.Complete
            || !CommandTable.BuiltIn.TryFind(_stored.Get(frame, 0), out CommandInfo? command))
        {
            return false;
        }

        write.Command = command;
        write.MayRepeat = command.RepeatFor(frame, _stored) != CommandRepeat.No;
        return true;
    }

    internal override string? RefusalOf(ReadOnlySpan<byte> reply, in EarlyWrite write) =>
        reply[0] is (byte)'-' or (byte)'!' ? RefusalReason.Of(reply) : null;

    internal override string? ProbeFailure(ReadOnlySpan<byte> reply) =>
        reply.IsEmpty || reply[0] is (byte)'-' or (byte)'!' ? Encoding.UTF8.GetString(reply).Trim('-', '\r', '\n') : null;
}
