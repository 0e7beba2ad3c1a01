using System.Globalization;

namespace Keyway.Proxy.Cluster;

/// <summary>What a node says in the replication section of INFO.</summary>
/// <param name="IsPrimary">It takes writes.</param>
/// <param name="IsLinked">It is a replica that is connected to its primary.</param>
/// <param name="Id">The name of its replication stream.</param>
/// <param name="Offset">How much of the stream it has, in bytes.</param>
internal sealed record ReplicationInfo(bool IsPrimary, bool IsLinked, string Id, long Offset)
{
    /// <summary>Reads the reply to INFO replication; null when it is none.</summary>
    internal static ReplicationInfo? Read(ReadOnlySpan<byte> reply)
    {
        Dictionary<string, string> fields = InfoFields.Of(reply);
        if (!fields.TryGetValue("role", out string? role) || !fields.TryGetValue("master_replid", out string? id))
        {
            return null;
        }

        bool isPrimary = role is "master";
        bool isLinked = !isPrimary && fields.GetValueOrDefault("master_link_status") is "up";
        bool isKnown = long.TryParse(fields.GetValueOrDefault(isPrimary ? "master_repl_offset" : "slave_repl_offset"), NumberStyles.None, CultureInfo.InvariantCulture, out long offset);
        return isKnown ? new ReplicationInfo(isPrimary, isLinked, id, offset) : null;
    }
}
