using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Telemetry;

/// <summary>What one reactor counts for one pool. Written by its thread, read by any (a 64-bit read is whole on the platforms of .NET that Keyway runs on).</summary>
public sealed class PoolCounters
{
    private readonly long[] _failures = new long[Enum.GetValues<FailureKind>().Length];

    /// <summary>Requests read from clients.</summary>
    public long Requests { get; internal set; }

    /// <summary>Clients that are connected now.</summary>
    public long Clients { get; internal set; }

    /// <summary>Clients taken in.</summary>
    public long ClientsAccepted { get; internal set; }

    /// <summary>Clients closed at once because of <c>client_connections</c>.</summary>
    public long ClientsRefused { get; internal set; }

    /// <summary>Clients closed because they did not take their replies.</summary>
    public long ClientsTooSlow { get; internal set; }

    /// <summary>Clients closed because of malformed requests.</summary>
    public long ClientsMalformed { get; internal set; }

    /// <summary>Channels and patterns that clients of the reactor have now.</summary>
    public long Subscriptions { get; internal set; }

    /// <summary>Clients that are subscribed to something now.</summary>
    public long Subscribers { get; internal set; }

    /// <summary>Messages given to subscribers, one for each of them.</summary>
    public long Messages { get; internal set; }

    /// <summary>Subscribers closed because they did not take their messages.</summary>
    public long SubscribersTooSlow { get; internal set; }

    /// <summary>Connections to servers that failed or were lost with requests on them.</summary>
    public long ServerFailures { get; internal set; }

    /// <summary>Times that a server was found down.</summary>
    public long ServerEjects { get; internal set; }

    /// <summary>Elements that a blocking command took for a client that had gone, and that went back.</summary>
    public long ElementsPutBack { get; internal set; }

    /// <summary>Writes that were answered before they were delivered (smart mode).</summary>
    public long EarlyWrites { get; internal set; }

    /// <summary>Early writes that the server has executed.</summary>
    public long EarlyDelivered { get; internal set; }

    /// <summary>Early writes that the server has refused.</summary>
    public long EarlyRefused { get; internal set; }

    /// <summary>Early writes whose connection was lost before the reply, and that are not safe to repeat.</summary>
    public long EarlyUncertain { get; internal set; }

    /// <summary>Values that were compressed on their way to the servers.</summary>
    public long ValuesCompressed { get; internal set; }

    /// <summary>Values that were decompressed on their way to the clients.</summary>
    public long ValuesDecompressed { get; internal set; }

    /// <summary>Values that began as compressed ones and could not be decompressed: they were passed on as they stood.</summary>
    public long ValuesUnreadable { get; internal set; }

    /// <summary>Early writes given up because the backlog was full.</summary>
    public long EarlyDropped { get; internal set; }

    /// <summary>Records taken from clients (relays).</summary>
    public long Records { get; internal set; }

    /// <summary>Their bytes.</summary>
    public long RecordBytes { get; internal set; }

    /// <summary>Records given up because the backlog was full (<c>when_full</c>).</summary>
    public long RecordsDropped { get; internal set; }

    /// <summary>Records refused because the sink takes none so long.</summary>
    public long RecordsTooLong { get; internal set; }

    /// <summary>Requests that Keyway failed, by kind.</summary>
    public long FailuresOf(FailureKind kind) => Volatile.Read(ref _failures[(int)kind]);

    internal void Count(FailureKind kind) => _failures[(int)kind]++;
}
