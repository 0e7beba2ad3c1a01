using Keyway.Net;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Pools;

/// <summary>What a pool needs to know of the protocol that it serves; everything else of a pool is the same for all.</summary>
internal abstract class ProtocolDriver
{
    /// <summary>A client's side, not yet attached.</summary>
    internal abstract ClientConnection CreateClient(PoolState pool);

    /// <summary>The side of a client that came to <c>http_listen</c>, not yet attached.</summary>
    internal virtual ClientConnection CreateHttpClient(PoolState pool) => throw new NotSupportedException("only relays speak HTTP");

    /// <summary>A connection to the server, not yet opened.</summary>
    internal abstract ServerConnection CreateServerConnection(ServerState server, Lane lane);

    /// <summary>A connection to the server that lives in this process (<c>servers: [memory]</c>).</summary>
    internal abstract IByteService CreateMemorySession(MemoryStore store);

    /// <summary>A request that any healthy server answers at once.</summary>
    internal abstract ReadOnlySpan<byte> ProbeRequest { get; }

    /// <summary>Null when the reply shows a server that serves, else what is wrong with it.</summary>
    internal abstract string? ProbeFailure(ReadOnlySpan<byte> reply);

    /// <summary>Reads a write of smart mode that was kept: which command it is, and whether it may be repeated. False if it is no such request.</summary>
    internal abstract bool TryReadWrite(ReadOnlySpan<byte> frame, RespLimits limits, ref EarlyWrite write);

    /// <summary>Null when the reply to an early write says that it was executed, else the reason in one word.</summary>
    /// <param name="reply">The reply's beginning.</param>
    /// <param name="write">What was asked.</param>
    internal abstract string? RefusalOf(ReadOnlySpan<byte> reply, in EarlyWrite write);

    /// <summary>A server went down or came back; the placement has followed.</summary>
    internal virtual void OnHealthChanged()
    {
    }

    /// <summary>The process ends: closes what the protocol has opened besides clients and server connections.</summary>
    internal virtual void Stop()
    {
    }

    /// <summary>Slots of a cluster have other nodes now.</summary>
    internal virtual void OnMapChanged()
    {
    }
}
