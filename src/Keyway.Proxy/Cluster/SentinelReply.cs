using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Cluster;

/// <summary>What a Sentinel says of a server: pairs of strings, in a flat array or a map.</summary>
internal static class SentinelReply
{
    /// <summary>The reply to SENTINEL MASTER; null for anything else.</summary>
    internal static Dictionary<string, string>? ReadPairs(ReadOnlySpan<byte> reply)
    {
        RespReader reader = new(reply);
        return ReadPairs(ref reader);
    }

    /// <summary>The reply to SENTINEL REPLICAS; null for anything else.</summary>
    internal static List<Dictionary<string, string>>? ReadList(ReadOnlySpan<byte> reply)
    {
        RespReader reader = new(reply);
        if (!reader.TryReadNext() || !reader.IsAggregate)
        {
            return null;
        }

        List<Dictionary<string, string>> list = [];
        for (long left = reader.ChildCount; left > 0; left--)
        {
            if (ReadPairs(ref reader) is not { } pairs)
            {
                return null;
            }

            list.Add(pairs);
        }

        return list;
    }

    private static Dictionary<string, string>? ReadPairs(ref RespReader reader)
    {
        if (!reader.TryReadNext() || !reader.IsAggregate)
        {
            return null;
        }

        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        for (long left = reader.ChildCount; left > 1; left -= 2)
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

            pairs[name] = Encoding.UTF8.GetString(reader.Bytes);
        }

        return pairs;
    }
}
