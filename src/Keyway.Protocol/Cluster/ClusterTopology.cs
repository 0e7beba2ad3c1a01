using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Cluster;

/// <summary>
/// Who serves which slots, from the reply to CLUSTER SHARDS (Redis 7.0 and newer, Valkey) or CLUSTER SLOTS (before), in RESP2 or RESP3. Fields that
/// are not known are passed over. Off the hot path.
/// </summary>
public static class ClusterTopology
{
    /// <summary>The shards of a CLUSTER SHARDS reply; null when the reply is an error or has another form.</summary>
    public static IReadOnlyList<ClusterShard>? FromShards(ReadOnlySpan<byte> reply)
    {
        RespReader reader = new(reply);
        if (!TryReadAggregate(ref reader, out long count))
        {
            return null;
        }

        List<ClusterShard> shards = [];
        for (long i = 0; i < count; i++)
        {
            if (ReadShard(ref reader) is not { } shard)
            {
                return null;
            }

            shards.Add(shard);
        }

        return shards;
    }

    /// <summary>The shards of a CLUSTER SLOTS reply: ranges of one primary are put together. Null when the reply is an error or has another form.</summary>
    public static IReadOnlyList<ClusterShard>? FromSlots(ReadOnlySpan<byte> reply)
    {
        RespReader reader = new(reply);
        if (!TryReadAggregate(ref reader, out long count))
        {
            return null;
        }

        Dictionary<string, (List<SlotRange> Slots, List<ClusterNode> Nodes)> shards = [];
        for (long i = 0; i < count; i++)
        {
            if (!TryReadAggregate(ref reader, out long fields) || fields < 3
                || !TryReadInteger(ref reader, out long first) || !TryReadInteger(ref reader, out long last))
            {
                return null;
            }

            SlotRange range = new((int)first, (int)last);
            List<ClusterNode> nodes = [];
            for (long n = 2; n < fields; n++)
            {
                if (ReadSlotsNode(ref reader, isPrimary: n == 2) is not { } node)
                {
                    return null;
                }

                nodes.Add(node);
            }

            if (!range.IsValid)
            {
                return null;
            }

            if (!shards.TryGetValue(nodes[0].Id, out var shard))
            {
                shard = ([], nodes);
                shards.Add(nodes[0].Id, shard);
            }

            shard.Slots.Add(range);
        }

        return [.. shards.Values.Select(static shard => new ClusterShard(shard.Slots, shard.Nodes))];
    }

    private static ClusterShard? ReadShard(ref RespReader reader)
    {
        List<SlotRange> slots = [];
        List<ClusterNode> nodes = [];
        if (!TryReadAggregate(ref reader, out long fields))
        {
            return null;
        }

        for (long i = 0; i < fields; i += 2)
        {
            if (!reader.TryReadNext())
            {
                return null;
            }

            bool isRead = reader.Bytes switch
            {
                var name when name.SequenceEqual("slots"u8) => TryReadRanges(ref reader, slots),
                var name when name.SequenceEqual("nodes"u8) => TryReadNodes(ref reader, nodes),
                _ => TrySkip(ref reader),
            };
            if (!isRead)
            {
                return null;
            }
        }

        return new ClusterShard(slots, nodes);
    }

    private static bool TryReadRanges(ref RespReader reader, List<SlotRange> slots)
    {
        if (!TryReadAggregate(ref reader, out long count))
        {
            return false;
        }

        for (long i = 0; i + 1 < count; i += 2)
        {
            if (!TryReadInteger(ref reader, out long first) || !TryReadInteger(ref reader, out long last))
            {
                return false;
            }

            SlotRange range = new((int)first, (int)last);
            if (!range.IsValid)
            {
                return false;
            }

            slots.Add(range);
        }

        return count % 2 == 0;
    }

    private static bool TryReadNodes(ref RespReader reader, List<ClusterNode> nodes)
    {
        if (!TryReadAggregate(ref reader, out long count))
        {
            return false;
        }

        for (long i = 0; i < count; i++)
        {
            if (ReadShardsNode(ref reader) is not { } node)
            {
                return false;
            }

            nodes.Add(node);
        }

        return true;
    }

    private static ClusterNode? ReadShardsNode(ref RespReader reader)
    {
        if (!TryReadAggregate(ref reader, out long fields))
        {
            return null;
        }

        string id = "";
        string endpoint = "";
        long port = 0;
        bool isPrimary = false;
        bool isHealthy = true;
        for (long i = 0; i < fields; i += 2)
        {
            if (!reader.TryReadNext())
            {
                return null;
            }

            string name = Encoding.UTF8.GetString(reader.Bytes);
            if (!reader.TryReadNext())
            {
                return null;
            }

            switch (name)
            {
                case "id":
                    id = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case "endpoint":
                    endpoint = Host(reader);
                    break;
                case "port":
                    _ = reader.TryGetInt64(out port);
                    break;
                case "role":
                    isPrimary = reader.Bytes.SequenceEqual("master"u8);
                    break;
                case "health":
                    isHealthy = reader.Bytes.SequenceEqual("online"u8);
                    break;
                default:
                    reader.SkipChildren();
                    break;
            }
        }

        return port is > 0 and <= ushort.MaxValue ? new ClusterNode(id, endpoint, (int)port, isPrimary, isHealthy) : null;
    }

    /// <summary>[endpoint, port, id, metadata]; the last two are missing before Redis 4.0 and 7.0.</summary>
    private static ClusterNode? ReadSlotsNode(ref RespReader reader, bool isPrimary)
    {
        if (!TryReadAggregate(ref reader, out long fields) || fields < 2 || !reader.TryReadNext())
        {
            return null;
        }

        string host = Host(reader);
        if (!TryReadInteger(ref reader, out long port) || port is <= 0 or > ushort.MaxValue)
        {
            return null;
        }

        string id = $"{host}:{port}";
        for (long i = 2; i < fields; i++)
        {
            if (!reader.TryReadNext())
            {
                return null;
            }

            if (i == 2)
            {
                id = Encoding.UTF8.GetString(reader.Bytes);
            }

            reader.SkipChildren();
        }

        return new ClusterNode(id, host, (int)port, isPrimary, IsHealthy: true);
    }

    /// <summary>Null and <c>?</c> stand for an end point that the node does not know (<c>cluster-preferred-endpoint-type unknown-endpoint</c>).</summary>
    private static string Host(in RespReader reader) =>
        reader.IsNull || reader.Bytes.SequenceEqual("?"u8) ? "" : Encoding.UTF8.GetString(reader.Bytes);

    private static bool TryReadAggregate(ref RespReader reader, out long count)
    {
        bool isRead = reader.TryReadNext() && reader.IsAggregate && !reader.IsNull;
        count = isRead ? reader.ChildCount : 0;
        return isRead;
    }

    private static bool TryReadInteger(ref RespReader reader, out long value)
    {
        value = 0;
        return reader.TryReadNext() && reader.TryGetInt64(out value);
    }

    private static bool TrySkip(ref RespReader reader)
    {
        bool isRead = reader.TryReadNext();
        reader.SkipChildren();
        return isRead;
    }
}
