using Keyway.Net;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Pipelining;

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
