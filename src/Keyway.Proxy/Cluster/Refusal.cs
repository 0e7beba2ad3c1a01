namespace Keyway.Proxy.Cluster;

/// <summary>
/// Errors by which a node says that it has not executed a command, and that this can be otherwise in a moment: the cluster is electing a primary, a node is loading,
/// a slot's keys are on both sides.
/// </summary>
internal static class Refusal
{
    /// <summary>True if the command may be sent again.</summary>
    internal static bool IsPassing(ReadOnlySpan<byte> reply) =>
        reply.StartsWith("-TRYAGAIN "u8) || reply.StartsWith("-CLUSTERDOWN "u8) || reply.StartsWith("-LOADING "u8)
        || reply.StartsWith("-MASTERDOWN "u8) || reply.StartsWith("-READONLY "u8)
        || reply.StartsWith("-UNBLOCKED force unblock"u8); // a command that waited on a node which is no primary any more
}
