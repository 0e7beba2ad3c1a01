using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>
/// Cuts subscribers that do not take their messages, as Redis does (<c>client-output-buffer-limit pubsub</c>): at once above one limit, after some
/// time above a lower one. Nobody else waits for them.
/// </summary>
internal sealed class SlowSubscribers(PoolState pool)
{
    private readonly LimitsConfig _limits = pool.Config.Limits;
    private readonly long _softMilliseconds = (long)pool.Config.Limits.SubscriberOutputSoftTime.TotalMilliseconds;
    private readonly List<RedisClient> _watched = [];

    /// <summary>True while a client is above the lower limit.</summary>
    internal bool IsWatching => _watched.Count > 0;

    /// <summary>To be called when a client was given a message.</summary>
    /// <param name="client">The client.</param>
    /// <param name="own">Its subscriptions.</param>
    /// <param name="before">Its backlog before the message, in bytes.</param>
    internal void Check(RedisClient client, ClientSubscriptions own, long before)
    {
        if (client.Backlog > _limits.SubscriberOutput)
        {
            Cut(client, "limits.subscriber_output");
            return;
        }

        if (client.Backlog <= _limits.SubscriberOutputSoft)
        {
            return;
        }

        if (own.OverSoftSince < 0)
        {
            _watched.Add(client);
            own.OverSoftSince = pool.Reactor.Now;
        }
        else if (before <= _limits.SubscriberOutputSoft)
        {
            // It was below in between: its time begins anew.
            own.OverSoftSince = pool.Reactor.Now;
        }
    }

    /// <summary>To be called every second while <see cref="IsWatching"/>.</summary>
    internal void Sweep()
    {
        for (int i = _watched.Count - 1; i >= 0; i--)
        {
            RedisClient client = _watched[i];
            ClientSubscriptions own = client.Subscriptions!;
            if (client.IsClosed || client.Backlog <= _limits.SubscriberOutputSoft)
            {
                own.OverSoftSince = -1;
                _watched.RemoveAt(i);
            }
            else if (pool.Reactor.Now - own.OverSoftSince >= _softMilliseconds)
            {
                _watched.RemoveAt(i);
                Cut(client, "limits.subscriber_output_soft");
            }
        }
    }

    private void Cut(RedisClient client, string limit)
    {
        pool.Counters.SubscribersTooSlow++;
        pool.Shared.Log.Write(
            LogLevel.Warn,
            "subscriber_too_slow",
            $"client {client.Number} closed: {client.Backlog} bytes of messages not taken ({limit})",
            ("pool", pool.Config.Name));
        client.Close("messages not taken");
    }
}
