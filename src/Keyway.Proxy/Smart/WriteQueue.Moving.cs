using Keyway.Protocol.Cluster;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Smart;

/// <content>
/// Where keys move from server to server. A redirect is followed at once. When a write has come back otherwise, nothing is sent until all that is under way
/// has come back too; then it is sent again, and behind it all that was sent after it. So no write is executed last that was not the last.
/// </content>
internal sealed partial class WriteQueue
{
    private const int AwayMilliseconds = 1000; // a fail-over takes longer, a redirect never
    private const int MostHops = 3; // redirects without waiting: one may be old already, more are a sign of nodes that disagree

    private readonly ClusterState? _cluster;
    private long _stalledSince = long.MaxValue;
    private long _sentAgainFrom = long.MaxValue; // the oldest write that has come back, while others are still under way
    private int _underWay;
    private int _mapVersion; // by which those under way were sent

    /// <summary>Milliseconds since the oldest write could have been delivered, had a server taken it; 0 while all goes well. Any thread.</summary>
    internal long StalledFor => Volatile.Read(ref _stalledSince) is var since && since < long.MaxValue ? _smart.Pool.Reactor.Now - since : 0;

    /// <summary>What has come in the way of the oldest write.</summary>
    internal string StallReason { get; private set; } = "";

    private bool IsStalled => _stalledSince < long.MaxValue;

    /// <summary>
    /// Those under way may be behind those to come if the map has changed since, or if the server refuses everything for now. What must not be executed twice goes
    /// behind nothing that could have to be sent again.
    /// </summary>
    private bool MaySend(in EarlyWrite write)
    {
        if (_cluster is null)
        {
            return true;
        }

        if (_underWay > 0)
        {
            return _sentAgainFrom == long.MaxValue && !IsStalled && write.MayRepeat && _mapVersion == _cluster.Slots.Version;
        }

        _sentAgainFrom = long.MaxValue;
        _mapVersion = _cluster.Slots.Version;
        if (!_cluster.IsKnown)
        {
            Stall("nobody has told yet which servers have the keys");
        }

        return _cluster.IsKnown;
    }

    /// <summary>True for a write that has to be sent (again) behind one that has come back.</summary>
    private bool IsOutOfOrder(long number) => number > _sentAgainFrom;

    /// <summary>An error reply: true if the write was not executed and is not over.</summary>
    private bool TakesBack(long number, ref EarlyWrite write, ReadOnlySpan<byte> error, string reason)
    {
        if (_cluster is not null && Redirect.TryParse(error, out Redirect redirect))
        {
            Follow(_cluster, number, ref write, redirect);
            return true;
        }

        if (!RefusalReason.IsPassing(reason) && !(_cluster is not null && Refusal.IsPassing(error)))
        {
            return false;
        }

        SendAgain(number, ref write, reason);
        if (_server is not null)
        {
            // What follows, reads too, must not overtake it: all of it fails, and writes are sent again.
            _server.Connection(write.Lane, write.Client)?.Close($"the server says {reason}");
        }

        return true;
    }

    private void Follow(ClusterState cluster, long number, ref EarlyWrite write, in Redirect redirect)
    {
        ServerState server = _smart.Pool.ServerAt(cluster.Learn(_smart.Pool.ServerAt(write.Node), redirect));
        if (IsOutOfOrder(number))
        {
            write.IsSent = false;
            return;
        }

        if (++write.Hops > MostHops || server.Connection(write.Lane, write.Client) is not { } connection)
        {
            SendAgain(number, ref write, $"slot {redirect.Slot} moves");
            return;
        }

        if (redirect.IsAsk)
        {
            ClusterState.SendAsking(connection);
        }

        Send(number, ref write, connection);
    }

    /// <summary>The oldest write cannot be delivered for now; until one gets through, they are tried one by one.</summary>
    private void Stall(string reason)
    {
        StallReason = reason;
        if (!IsStalled)
        {
            _stalledSince = _smart.Pool.Reactor.Now;
            _cluster!.RequestRefresh();
        }
    }
}
