using System.Text;
using Keyway.Net.Timers;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>
/// All messages that one reactor gets from one server: a connection of its own with one subscription for each topic, however many clients have
/// it. Lost, it is opened again until it stands, and everything is subscribed anew. Unused, it is closed after a while.
/// </summary>
internal sealed class ServerFeed
{
    private const int LingerMilliseconds = 10_000;
    private const int QuietMilliseconds = 10_000; // then a PING finds out whether anybody is there
    private const int PatienceMilliseconds = 60_000; // for an answer, in a pool without time-out
    private const int FirstRetryMilliseconds = 50;
    private const int LastRetryMilliseconds = 2_000;

    private readonly HashSet<Topic> _topics = [];
    private readonly Queue<FeedOrder> _awaited = new();
    private readonly ActionTimer _retry;
    private FeedConnection? _connection;
    private long _quietSince;
    private long _unusedSince = -1;
    private int _failures;
    private bool _isStopped;

    internal ServerFeed(SubscriptionHub hub, ServerState server)
    {
        Hub = hub;
        Server = server;
        _retry = new ActionTimer(Connect);
    }

    internal SubscriptionHub Hub { get; }

    internal ServerState Server { get; }

    /// <summary>True while there is a connection, or one is being opened.</summary>
    internal bool IsConnected => _connection is not null;

    private bool IsReady => _connection is { IsReady: true };

    private long Now => Server.Pool.Reactor.Now;

    private long Patience => Server.Pool.TimeoutMilliseconds > 0 ? 2 * Server.Pool.TimeoutMilliseconds : PatienceMilliseconds;

    /// <summary>
    /// Subscribes at the server, once more if it is subscribed already: a client that joins gets what is published after the answer, and nothing
    /// that was under way before. While there is no connection this only notes it, and <see cref="OnReady"/> does it.
    /// </summary>
    internal void Subscribe(Topic topic, SubscriptionChange? change)
    {
        _topics.Add(topic);
        if (IsReady)
        {
            SendSubscribe(topic, change);
        }
        else if (!_retry.IsSet)
        {
            Connect();
        }
    }

    /// <summary>Ends the subscription at the server. True when <paramref name="change"/> will hear of it; false: nothing is to be waited for.</summary>
    internal bool Unsubscribe(Topic topic, SubscriptionChange? change)
    {
        _topics.Remove(topic);
        if (!IsReady)
        {
            return false;
        }

        Send(TopicWords.Unsubscribe(topic.Kind), new FeedOrder(topic, IsEnd: true, change));
        return true;
    }

    /// <summary>The server has ended the subscription by itself, or never had it.</summary>
    internal void Forget(Topic topic) => _topics.Remove(topic);

    /// <summary>The server is known to be back: no need to wait for the next attempt.</summary>
    internal void Hurry()
    {
        if (_retry.IsSet)
        {
            Server.Pool.Reactor.Timers.Cancel(_retry);
            Connect();
        }
    }

    /// <summary>To be called every second: closes what is not used, and finds out whether the server is still there.</summary>
    internal void Tick()
    {
        if (!IsReady)
        {
            return;
        }

        bool isUnused = _topics.Count == 0 && _awaited.Count == 0;
        _unusedSince = !isUnused ? -1 : _unusedSince < 0 ? Now : _unusedSince;
        if (isUnused && Now - _unusedSince >= LingerMilliseconds)
        {
            _connection!.Close("nothing is subscribed");
        }
        else if (_awaited.Count > 0 && Now - _quietSince >= Patience)
        {
            _connection!.Close($"no byte for {Now - _quietSince} ms");
        }
        else if (!isUnused && _awaited.Count == 0 && Now - _quietSince >= QuietMilliseconds)
        {
            Expect(new FeedOrder(null, false, null));
            _connection!.Out.WriteRequest("PING");
            _connection.QueueFlush();
        }
    }

    /// <summary>The process ends.</summary>
    internal void Stop()
    {
        _isStopped = true;
        Server.Pool.Reactor.Timers.Cancel(_retry);
        _connection?.Close("shutting down");
    }

    internal void OnHeard() => _quietSince = Now;

    internal void OnReady()
    {
        if (_failures > 0)
        {
            Log(LogLevel.Info, "subscriptions_renewed", $"{_topics.Count} subscriptions are made again");
        }

        _failures = 0;
        _quietSince = Now;
        _unusedSince = -1;
        foreach (Topic topic in _topics)
        {
            bool isSent = false;
            foreach (SubscriptionChange change in topic.Waiting)
            {
                if (change.Awaits(topic, this))
                {
                    SendSubscribe(topic, change);
                    isSent = true;
                }
            }

            if (!isSent)
            {
                SendSubscribe(topic, null);
            }
        }
    }

    /// <summary>The answer to the oldest order, or what nobody asked for.</summary>
    internal void OnAnswer(in FeedFrame frame)
    {
        if (IsMigration(frame))
        {
            Hub.OnMisplaced(TopicKind.ShardChannel, frame.Name);
        }
        else if (!_awaited.TryDequeue(out FeedOrder order))
        {
            _connection!.Close("an answer came that nobody asked for");
        }
        else if (frame.IsLine && frame.Word[0] == '-')
        {
            OnRefused(order, Encoding.UTF8.GetString(frame.Word[1..]));
        }
        else if (order.Topic is not null && !frame.Name.SequenceEqual(order.Topic.Name))
        {
            _connection!.Close("an answer came that nobody asked for");
        }
        else
        {
            order.Change?.OnConfirmed(order.Topic!, this);
        }
    }

    internal void OnLost(FeedConnection connection, string reason)
    {
        if (_connection != connection)
        {
            return;
        }

        FeedOrder[] orders = [.. _awaited];
        _awaited.Clear();
        _connection = null;
        if (_topics.Count > 0 && !_isStopped)
        {
            if (_failures == 0)
            {
                Log(LogLevel.Warn, "subscriptions_lost", $"{_topics.Count} subscriptions wait for the server: {reason}");
            }

            int delay = Math.Min(LastRetryMilliseconds, FirstRetryMilliseconds << Math.Min(_failures++, 10));
            Server.Pool.Reactor.Timers.Set(_retry, Now + delay + Hub.Random.Next(1 + (delay / 4)));
        }

        foreach (FeedOrder order in orders)
        {
            if (order.Change is { IsUnsubscribe: true } change)
            {
                // With its connection every subscription has ended.
                change.OnConfirmed(order.Topic!, this);
            }
        }

        if (connection.Refusal is { } refusal)
        {
            foreach (SubscriptionChange change in WaitingChanges())
            {
                change.OnRefused(refusal);
            }
        }
    }

    /// <summary>A node of a cluster ends the subscriptions of a slot that it serves no more.</summary>
    private bool IsMigration(in FeedFrame frame) =>
        Server.Pool.Cluster is not null
        && frame.Word.SequenceEqual("sunsubscribe"u8)
        && !(_awaited.TryPeek(out FeedOrder next) && next.IsEnd && frame.Name.SequenceEqual(next.Topic!.Name));

    private void OnRefused(FeedOrder order, string text)
    {
        if (order.IsEnd)
        {
            order.Change?.OnConfirmed(order.Topic!, this);
        }
        else if (Server.Pool.Cluster is not null && order.Topic is { Kind: TopicKind.ShardChannel } moved && text.StartsWith("MOVED ", StringComparison.Ordinal))
        {
            Hub.OnMisplaced(moved.Kind, moved.Name);
        }
        else if (order.Change is { IsOver: false } change)
        {
            change.OnRefused(text);
        }
        else if (order.Topic is { IsWanted: true } topic)
        {
            Log(LogLevel.Warn, "subscription_refused", $"the server does not let '{Encoding.Latin1.GetString(topic.Name)}' be subscribed again: {text}");
        }
    }

    private void Connect()
    {
        if (_connection is null && _topics.Count > 0 && !_isStopped)
        {
            _connection = new FeedConnection(this);
            Hub.EnsureTick();
            _connection.Open();
        }
    }

    private void SendSubscribe(Topic topic, SubscriptionChange? change) =>
        Send(TopicWords.Subscribe(topic.Kind), new FeedOrder(topic, IsEnd: false, change));

    private void Send(ReadOnlySpan<byte> word, FeedOrder order)
    {
        Expect(order);
        _connection!.Out.WriteArrayHeader(2);
        _connection.Out.WriteBulk(word);
        _connection.Out.WriteBulk(order.Topic!.Name);
        _connection.QueueFlush();
    }

    private void Expect(FeedOrder order)
    {
        if (_awaited.Count == 0)
        {
            _quietSince = Now;
        }

        _awaited.Enqueue(order);
    }

    private SubscriptionChange[] WaitingChanges() => [.. _topics.SelectMany(static topic => topic.Waiting).Distinct()];

    private void Log(LogLevel level, string name, string text) =>
        Server.Pool.Shared.Log.Write(level, name, text, ("pool", Server.Pool.Config.Name), ("server", Server.Label));
}
