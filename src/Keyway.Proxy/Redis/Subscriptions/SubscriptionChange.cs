using Keyway.Net.Buffers;
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
    private readonly ActionTimer _limit;
    private int _awaited;

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
        foreach (Topic topic in _topics)
        {
            topic.Waiting.Add(this);
        }
    }

    /// <summary>The place of the acknowledgements in the client's order of replies.</summary>
    internal Request Place { get; }

    internal bool IsUnsubscribe { get; }

    /// <summary>True when it is answered, or its client has gone.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Counts the beginnings: answers of an earlier one do not count any more.</summary>
    internal int Round { get; private set; }

    /// <summary>Asks the servers of every topic, from the beginning.</summary>
    internal void Ask()
    {
        if (IsOver)
        {
            return;
        }

        Round++;
        _awaited = 1; // until all are asked
        foreach (Topic topic in _topics.Distinct())
        {
            if (!_hub.Place(topic))
            {
                Fail(Failure.NoServer(_hub.Pool.Config.Name));
                return;
            }

            foreach (ServerFeed feed in topic.Feeds)
            {
                _awaited++;
                feed.Subscribe(topic, this);
            }
        }

        OnConfirmed(Round);
    }

    /// <summary>An UNSUBSCRIBE ends these topics at their servers.</summary>
    internal void End(List<Topic> topics)
    {
        _awaited = 1;
        foreach (Topic topic in topics)
        {
            foreach (ServerFeed feed in topic.Feeds)
            {
                _awaited += feed.Unsubscribe(topic, this) ? 1 : 0;
            }
        }

        OnConfirmed(Round);
    }

    /// <summary>Begins to count the time, unless it is over already.</summary>
    internal void Limit()
    {
        if (!IsOver && _hub.Pool.TimeoutMilliseconds > 0)
        {
            _hub.Pool.Reactor.Timers.Set(_limit, _hub.Pool.DeadlineFrom(_hub.Pool.Reactor.Now));
        }
    }

    /// <summary>One answer of a server.</summary>
    internal void OnConfirmed(int round)
    {
        if (round != Round || IsOver || --_awaited > 0)
        {
            return;
        }

        OutputBuffer reply = Place.Reply(_client.Reactor.Buffers);
        Topic[] topics = _topics;
        Leave();
        foreach (Topic topic in topics)
        {
            _client.Join(topic, reply);
        }

        _client.EndChange(Place);
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

    private void OnLate()
    {
        if (IsUnsubscribe)
        {
            // The client is no subscriber any more, whatever the server says later.
            _awaited = 1;
            OnConfirmed(Round);
        }
        else
        {
            Fail(Failure.NotSubscribed(string.Join(" or ", _topics.SelectMany(static topic => topic.Feeds).Select(static feed => feed.Server.Label).Distinct(StringComparer.Ordinal)), _hub.Pool.TimeoutMilliseconds));
        }
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
