using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>
/// A client's SUBSCRIBE or UNSUBSCRIBE that servers are to confirm. The client is acknowledged, and becomes a subscriber, when the last answer
/// has come; until then nothing more of it is read.
/// </summary>
internal sealed class SubscriptionChange
{
    private readonly SubscriptionHub _hub;
    private readonly RedisClient _client;
    private readonly Topic[] _topics; // of a SUBSCRIBE, in its order; a name given twice is here twice
    private readonly HashSet<(Topic Topic, ServerFeed Feed)> _awaited = [];
    private readonly ActionTimer _limit;

    /// <param name="hub">The reactor's.</param>
    /// <param name="client">Whose command it is.</param>
    /// <param name="place">The place of its acknowledgements; of an UNSUBSCRIBE they are in it already.</param>
    /// <param name="topics">What is to be subscribed to; null for an UNSUBSCRIBE.</param>
    internal SubscriptionChange(SubscriptionHub hub, RedisClient client, Request place, Topic[]? topics)
    {
        _hub = hub;
        _client = client;
        Place = place;
        _topics = topics ?? [];
        IsUnsubscribe = topics is null;
        _limit = new ActionTimer(OnLate);
        foreach (Topic topic in _topics.Distinct())
        {
            topic.Waiting.Add(this);
        }
    }

    /// <summary>The place of the acknowledgements in the client's order of replies.</summary>
    internal Request Place { get; }

    internal bool IsUnsubscribe { get; }

    /// <summary>True when it is answered, or its client has gone.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Asks the servers of every topic, except those that it has asked and that have not answered yet.</summary>
    internal void Ask()
    {
        if (IsOver)
        {
            return;
        }

        foreach (Topic topic in _topics)
        {
            if (!_hub.Place(topic))
            {
                Fail(Failure.NoServer(_hub.Pool.Config.Name));
                return;
            }

            foreach (ServerFeed feed in topic.Feeds)
            {
                if (_awaited.Add((topic, feed)))
                {
                    feed.Subscribe(topic, this);
                }
            }
        }

        EndIfConfirmed();
    }

    /// <summary>The topic has left the server: its answer is not awaited any more. To be followed by <see cref="Ask"/>.</summary>
    internal void Forget(Topic topic, ServerFeed feed) => _awaited.Remove((topic, feed));

    /// <summary>An UNSUBSCRIBE ends these topics at their servers.</summary>
    internal void End(List<Topic> topics)
    {
        foreach (Topic topic in topics)
        {
            foreach (ServerFeed feed in topic.Feeds)
            {
                if (feed.Unsubscribe(topic, this))
                {
                    _awaited.Add((topic, feed));
                }
            }
        }

        EndIfConfirmed();
    }

    /// <summary>Begins to count the time, unless it is over already.</summary>
    internal void Limit()
    {
        if (!IsOver && _hub.Pool.TimeoutMilliseconds > 0)
        {
            _hub.Pool.Reactor.Timers.Set(_limit, _hub.Pool.DeadlineFrom(_hub.Pool.Reactor.Now));
        }
    }

    /// <summary>True while the server's answer for the topic has not come.</summary>
    internal bool Awaits(Topic topic, ServerFeed feed) => _awaited.Contains((topic, feed));

    /// <summary>An answer of a server.</summary>
    internal void OnConfirmed(Topic topic, ServerFeed feed)
    {
        if (_awaited.Remove((topic, feed)))
        {
            EndIfConfirmed();
        }
    }

    /// <summary>A server would not have it.</summary>
    internal void OnRefused(string text)
    {
        if (!IsOver)
        {
            Leave();
            _hub.DropUnwanted(_topics);
            Place.Reply(_client.Reactor.Buffers).WriteError(text);
            _client.EndChange(Place);
        }
    }

    /// <summary>The client has gone.</summary>
    internal void Cancel()
    {
        if (!IsOver)
        {
            Leave();
            _hub.DropUnwanted(_topics);
        }
    }

    private void EndIfConfirmed()
    {
        if (IsOver || _awaited.Count > 0)
        {
            return;
        }

        Leave();
        foreach (Topic topic in _topics)
        {
            _client.Join(topic, Place.Reply(_client.Reactor.Buffers));
        }

        _client.EndChange(Place);
    }

    private void OnLate()
    {
        if (IsUnsubscribe)
        {
            // The client is no subscriber any more, whatever the server says later.
            _awaited.Clear();
            EndIfConfirmed();
            return;
        }

        string servers = string.Join(" or ", _awaited.Select(static awaited => awaited.Feed.Server.Label).Distinct(StringComparer.Ordinal));
        Fail(Failure.NotSubscribed(servers, _hub.Pool.TimeoutMilliseconds));
    }

    private void Fail(Failure failure)
    {
        Leave();
        _hub.DropUnwanted(_topics);
        _client.EndChange(Place, failure);
    }

    private void Leave()
    {
        IsOver = true;
        _hub.Pool.Reactor.Timers.Cancel(_limit);
        foreach (Topic topic in _topics)
        {
            topic.Waiting.Remove(this);
        }
    }
}
