using Keyway.Proxy.Memory;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>The topics of one kind, found by the bytes of a message without a copy.</summary>
internal sealed class TopicTable
{
    private readonly Dictionary<byte[], Topic> _topics = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], Topic>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    internal TopicTable(TopicKind kind)
    {
        Kind = kind;
        _byBytes = _topics.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    internal TopicKind Kind { get; }

    internal int Count => _topics.Count;

    internal Dictionary<byte[], Topic>.ValueCollection All => _topics.Values;

    internal Topic? Find(ReadOnlySpan<byte> name) => _byBytes.TryGetValue(name, out Topic? topic) ? topic : null;

    /// <summary>The topic, new or known.</summary>
    internal Topic Get(ReadOnlySpan<byte> name)
    {
        if (!_byBytes.TryGetValue(name, out Topic? topic))
        {
            topic = new Topic(Kind, name.ToArray());
            _topics.Add(topic.Name, topic);
        }

        return topic;
    }

    internal void Remove(Topic topic) => _topics.Remove(topic.Name);
}
