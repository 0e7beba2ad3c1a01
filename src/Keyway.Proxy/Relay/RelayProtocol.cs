using System.Text;
using Keyway.Net;
using Keyway.Protocol.Http;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Relay.Http;
using Keyway.Proxy.Relay.Records;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Relay;

/// <summary>Pools with <c>protocol: firehose</c>, which have no servers. One for each pool and reactor.</summary>
internal sealed class RelayProtocol : ProtocolDriver
{
    private const int MostSpare = 16;

    private readonly Stack<RelayTransaction> _spareTransactions = new();
    private ParsedRecords? _spareRecords;
    private RecordIntake? _intake;
    private HashSet<byte[]>? _ignored;

    /// <summary>Where records go.</summary>
    internal RecordIntake Intake => _intake!;

    /// <summary>The arguments of the request at hand.</summary>
    internal RequestArgs Args { get; } = new();

    /// <summary>The record of the command at hand.</summary>
    internal RecordDraft Draft { get; } = new();

    /// <summary>The record of the command at hand, as it is written.</summary>
    internal RecordText Text { get; } = new();

    /// <summary>The head of the HTTP request at hand.</summary>
    internal HttpRequestHead Head { get; } = new();

    /// <summary>The body of the HTTP request at hand, where it does not lie in its bytes.</summary>
    internal HttpBody Body { get; } = new();

    /// <summary>Writes HTTP's answers.</summary>
    internal HttpReply Replies { get; } = new();

    /// <summary>Distinguishes the ids of stream entries that have the same time.</summary>
    internal long Serial;

    internal override ReadOnlySpan<byte> ProbeRequest => throw NoServers();

    internal override ClientConnection CreateClient(PoolState pool)
    {
        Begin(pool);
        return new RelayClient(pool, this);
    }

    internal override ClientConnection CreateHttpClient(PoolState pool)
    {
        Begin(pool);
        return new HttpClientConnection(pool, this);
    }

    internal override ServerConnection CreateServerConnection(ServerState server, Lane lane) => throw NoServers();

    internal override IByteService CreateMemorySession(MemoryStore store) => throw NoServers();

    internal override string? ProbeFailure(ReadOnlySpan<byte> reply) => throw NoServers();

    internal override bool TryReadWrite(ReadOnlySpan<byte> frame, RespLimits limits, ref EarlyWrite write) => throw NoServers();

    internal override string? RefusalOf(ReadOnlySpan<byte> reply, in EarlyWrite write) => throw NoServers();

    internal override void Stop() => _intake?.Close();

    /// <summary>True for a command that is answered and makes no record (<c>ignore_commands</c>).</summary>
    internal bool Ignores(ReadOnlySpan<byte> name)
    {
        if (_ignored is null || name.Length > 128)
        {
            return false;
        }

        Span<byte> lower = stackalloc byte[128];
        return Ascii.ToLower(name, lower, out int length) == System.Buffers.OperationStatus.Done
            && _ignored.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(lower[..length]);
    }

    /// <summary>A transaction that begins now.</summary>
    internal RelayTransaction RentTransaction(Reactor reactor)
    {
        RelayTransaction transaction = _spareTransactions.TryPop(out RelayTransaction? spare) ? spare : new RelayTransaction(reactor.Buffers);
        transaction.Begin(reactor.UnixMilliseconds);
        return transaction;
    }

    internal void Return(RelayTransaction transaction)
    {
        transaction.Clear();
        if (_spareTransactions.Count < MostSpare)
        {
            _spareTransactions.Push(transaction);
        }
    }

    /// <summary>For the records of an HTTP request.</summary>
    internal ParsedRecords RentRecords()
    {
        ParsedRecords records = _spareRecords ?? new ParsedRecords();
        _spareRecords = null;
        return records;
    }

    internal void Return(ParsedRecords records) => _spareRecords = records;

    /// <summary>With the first client, since it has to be on the reactor's thread.</summary>
    private void Begin(PoolState pool)
    {
        if (_intake is null)
        {
            _intake = new RecordIntake(pool, pool.Shared.Spool!);
            if (pool.Config.Relay.IgnoreCommands.Count > 0)
            {
                _ignored = pool.Config.Relay.IgnoreCommands.Select(Encoding.UTF8.GetBytes).ToHashSet(BytesComparer.Instance);
            }
        }
    }

    private static InvalidOperationException NoServers() => new("a relay has no servers");
}
