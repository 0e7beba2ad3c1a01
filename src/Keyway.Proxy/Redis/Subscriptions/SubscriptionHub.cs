using Keyway.Net.Timers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Hashing;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>The subscriptions of one pool's clients on one reactor: who has which topic, and which servers send its messages.</summary>
internal sealed class SubscriptionHub
{
    private const int TickMilliseconds = 1000;

    private readonly TopicTable[] _tables = [new(TopicKind.Channel), new(TopicKind.Pattern), new(TopicKind.ShardChannel)];
    private readonly List<ServerFeed> _feeds = []; // by the number of the server
    private readonly HashSet<Topic> _misplaced = [];
    private int _mapVersion;
    private readonly ActionTimer _tick;
    private readonly SlowSubscribers _slow;

    internal SubscriptionHub(PoolState pool)
    {
        Pool = pool;
        IsLocal = pool.Shared.Memory is not null;
        _tick = new ActionTimer(Tick);
        _slow = new SlowSubscribers(pool);
    }

    internal PoolState Pool { get; }

    /// <summary>For the moments of reconnecting.</summary>
    internal Random Random { get; } = new();

    /// <summary>True when the pool's server is in this process: messages then go from reactor to reactor (<see cref="LocalBus"/>).</summary>
    internal bool IsLocal { get; }

    /// <summary>The topics of a kind.</summary>
    internal TopicTable Topics(TopicKind kind) => _tables[(int)kind];

    /// <summary>SUBSCRIBE and its kin: the arguments from 1 on are names.</summary>
    internal void Subscribe(RedisClient client, TopicKind kind, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        Topic[] topics = new Topic[args.Count - 1];
        for (int i = 0; i < topics.Length; i++)
        {
            topics[i] = Topics(kind).Get(args.Get(frame, i + 1));
        }

        CountTopics();

        SubscriptionChange change = client.BeginChange(place => new SubscriptionChange(this, client, place, topics));
        change.Ask();
        change.Limit();
    }

    /// <summary>The client was the last to have these: the change is over when the servers have ended them.</summary>
    internal void End(SubscriptionChange change, List<Topic> topics)
    {
        foreach (Topic topic in topics)
        {
            Topics(topic.Kind).Remove(topic);
        }

        CountTopics();
        change.End(topics);
        change.Limit();
    }

    /// <summary>The client has gone, or begins anew.</summary>
    internal void Leave(RedisClient client, ClientSubscriptions own)
    {
        own.Change?.Cancel();
        Pool.Counters.Subscribers -= own.IsEmpty ? 0 : 1;
        foreach (TopicTable table in _tables)
        {
            foreach (Topic topic in own.Of(table.Kind))
            {
                topic.Subscribers.Remove(client);
                DropIfUnwanted(topic);
            }

            own.Of(table.Kind).Clear();
        }
    }

    /// <summary>Ends what nobody has any more.</summary>
    internal void DropUnwanted(Topic[] topics)
    {
        foreach (Topic topic in topics)
        {
            DropIfUnwanted(topic);
        }
    }

    /// <summary>Gives a message to everyone who has the topic.</summary>
    /// <returns>How many have it.</returns>
    internal int Deliver(TopicKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> frame) =>
        Topics(kind).Find(name) is { } topic ? Deliver(topic, frame) : 0;

    /// <summary>Gives a message to the topic's subscribers: its bytes as RESP2 has them.</summary>
    /// <returns>How many there are.</returns>
    internal int Deliver(Topic topic, ReadOnlySpan<byte> frame)
    {
        int count = topic.Subscribers.Count;
        Pool.Counters.Messages += count;

        // A client that is cut for its backlog leaves the set meanwhile; removing does not disturb the enumeration.
        foreach (RedisClient client in topic.Subscribers)
        {
            client.PushMessage(frame, _slow);
        }

        if (_slow.IsWatching)
        {
            EnsureTick();
        }

        if (Pool.Guard.IsExceeded)
        {
            Pool.Guard.Relieve();
        }

        return count;
    }

    /// <summary>Sees to it that the topic has its servers; false when none is there.</summary>
    internal bool Place(Topic topic)
    {
        if (topic.Feeds.Count == 0)
        {
            topic.Feeds.AddRange(FeedsOf(topic));
        }

        return IsLocal || topic.Feeds.Count > 0;
    }

    /// <summary>A server went down or came back: where the placement follows, topics move with their channels.</summary>
    internal void OnHealthChanged()
    {
        foreach (ServerFeed feed in _feeds)
        {
            if (!feed.Server.Health.IsDown)
            {
                feed.Hurry();
            }
        }

        if ((Pool.Config.AutoEjectHosts || Pool.Cluster is not null) && !IsLocal)
        {
            MoveTopics();
        }
    }

    /// <summary>Slots of a cluster have other nodes now: topics follow.</summary>
    internal void OnMapChanged() => FollowMap(Pool.Cluster!.Slots.Version);

    /// <summary>A node of a cluster serves the channel no more: soon a new map will tell who does.</summary>
    internal void OnMisplaced(TopicKind kind, ReadOnlySpan<byte> name)
    {
        if (Topics(kind).Find(name) is { } topic)
        {
            _misplaced.Add(topic);
            Pool.Cluster!.RequestRefresh();
            EnsureTick();
        }
    }

    /// <summary>Has the upkeep done every second as long as there is something to do.</summary>
    internal void EnsureTick()
    {
        if (!_tick.IsSet)
        {
            Pool.Reactor.Timers.Set(_tick, Pool.Reactor.Now + TickMilliseconds);
        }
    }

    /// <summary>The process ends.</summary>
    internal void Stop()
    {
        Pool.Reactor.Timers.Cancel(_tick);
        foreach (ServerFeed feed in _feeds)
        {
            feed.Stop();
        }
    }

    private void DropIfUnwanted(Topic topic)
    {
        if (topic.IsWanted || Topics(topic.Kind).Find(topic.Name) != topic)
        {
            return;
        }

        Topics(topic.Kind).Remove(topic);
        CountTopics();
        foreach (ServerFeed feed in topic.Feeds)
        {
            feed.Unsubscribe(topic, null);
        }
    }

    private void CountTopics() => Pool.Counters.Subscriptions = _tables.Sum(static table => table.Count);

    private void MoveTopics()
    {
        HashSet<SubscriptionChange> waiting = [];
        foreach (Topic topic in _tables.SelectMany(static table => table.All))
        {
            ServerFeed[] old = [.. topic.Feeds];
            topic.Feeds.Clear();
            topic.Feeds.AddRange(FeedsOf(topic));
            foreach (ServerFeed left in old.Except(topic.Feeds))
            {
                left.Unsubscribe(topic, null);
                topic.Waiting.ForEach(change => change.Forget(topic, left));
            }

            foreach (ServerFeed joined in topic.Feeds.Except(old))
            {
                joined.Subscribe(topic, null);
            }

            waiting.UnionWith(topic.Waiting);
        }

        foreach (SubscriptionChange change in waiting)
        {
            change.Ask();
        }
    }

    /// <summary>In a cluster: follows the map, and subscribes anew to what a node has refused or ended.</summary>
    private void FollowMap(int version)
    {
        Topic[] misplaced = [.. _misplaced.Where(topic => Topics(topic.Kind).Find(topic.Name) == topic)];
        _misplaced.Clear();
        foreach (Topic topic in misplaced)
        {
            foreach (ServerFeed feed in topic.Feeds)
            {
                feed.Forget(topic);
                topic.Waiting.ForEach(change => change.Forget(topic, feed));
            }

            topic.Feeds.Clear();
        }

        if (misplaced.Length > 0 || version != _mapVersion)
        {
            _mapVersion = version;
            MoveTopics();
        }
    }

    private IEnumerable<ServerFeed> FeedsOf(Topic topic)
    {
        if (IsLocal)
        {
            return [];
        }

        if (Pool.Cluster is { } cluster)
        {
            return FeedsInCluster(cluster, topic);
        }

        if (IsFromAnyServer(topic))
        {
            return Pool.Servers.Where(server => !Pool.IsEjected(server)).Select(FeedOf);
        }

        int server = Pool.Placement.Locate(topic.Name);
        return server < 0 ? [] : [FeedOf(Pool.Servers[server])];
    }

    /// <summary>What is published at one node of a cluster comes from every node, so one is enough; shard channels are at their slot's, notifications come from each key's.</summary>
    private IEnumerable<ServerFeed> FeedsInCluster(ClusterState cluster, Topic topic)
    {
        if (topic.Kind != TopicKind.ShardChannel && topic.Name.AsSpan().StartsWith("__key"u8))
        {
            return cluster.Primaries().Select(FeedOf);
        }

        ServerState? server = cluster.OwnerOf(KeySlot.Of(topic.Name));
        if (topic.Kind != TopicKind.ShardChannel && server is { Health.IsDown: true })
        {
            server = cluster.AnyNode() ?? server; // none is up: this one is tried again until it is
        }

        return server is null ? [] : [FeedOf(server)];
    }

    private ServerFeed FeedOf(ServerState server)
    {
        while (_feeds.Count <= server.Index)
        {
            _feeds.Add(new ServerFeed(this, Pool.ServerAt(_feeds.Count)));
        }

        ServerFeed feed = _feeds[server.Index];
        if (feed.Server != server)
        {
            // Its number was that of a node that has left, whose topics are elsewhere by now.
            feed.Stop();
            _feeds[server.Index] = feed = new ServerFeed(this, server);
        }

        return feed;
    }

    /// <summary>Patterns match channels of all servers; notifications of keys come from the server of the key; PUBLISH goes anywhere where keys do.</summary>
    private bool IsFromAnyServer(Topic topic) =>
        topic.Kind == TopicKind.Pattern
        || Pool.Config.Distribution == DistributionKind.Random
        || topic.Name.AsSpan().StartsWith("__keyspace@"u8)
        || topic.Name.AsSpan().StartsWith("__keyevent@"u8);

    private void Tick()
    {
        _slow.Sweep();
        if (Pool.Cluster is { } cluster)
        {
            FollowMap(cluster.Slots.Version);
        }

        bool isNeeded = _slow.IsWatching || _misplaced.Count > 0;
        foreach (ServerFeed feed in _feeds)
        {
            feed.Tick();
            isNeeded |= feed.IsConnected;
        }

        if (isNeeded)
        {
            EnsureTick();
        }
    }
}
