using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// What clients asked last of each slot, among the requests that are under way: gathered once for all requests that wait, since both those and the ones under way can be many thousands.
/// </summary>
internal sealed class LatestRequests
{
    private readonly Dictionary<(ClientConnection Client, int Slot), Orders> _latest = [];

    /// <summary>True after <see cref="Gather"/>, until <see cref="Clear"/>.</summary>
    internal bool IsGathered { get; private set; }

    /// <summary>Looks through all shared connections.</summary>
    internal void Gather(PoolState pool)
    {
        IsGathered = true;
        foreach (ServerState server in pool.Servers)
        {
            server.TellUnderWay(this);
        }
    }

    /// <summary>A request is under way.</summary>
    internal void Add(Request request)
    {
        if (request.Resend is not { Owner: { } owner } resend || !RetryQueue.IsAwaited(request))
        {
            return;
        }

        Orders orders = _latest.GetValueOrDefault((owner, resend.Slot));
        _latest[(owner, resend.Slot)] = new Orders(
            Math.Max(orders.Any, resend.Order),
            resend.MayRepeat ? orders.Write : Math.Max(orders.Write, resend.Order));
    }

    /// <summary>True when the same client has asked something of the same slot later, and the order of the two can be seen.</summary>
    internal bool HasLater(Resend than)
    {
        Orders orders = _latest.GetValueOrDefault((than.Owner!, than.Slot));
        return (than.MayRepeat ? orders.Write : orders.Any) > than.Order;
    }

    /// <summary>What was gathered will be out of date.</summary>
    internal void Clear()
    {
        if (IsGathered)
        {
            IsGathered = false;
            _latest.Clear();
        }
    }

    /// <summary>See <see cref="Resend.Order"/>; 0 for none.</summary>
    private readonly record struct Orders(long Any, long Write);
}
