namespace Keyway.Proxy.Pipelining;

/// <summary>The name of each <see cref="FailureKind"/> in metrics and INFO.</summary>
public static class FailureNames
{
    /// <summary>Lower case, words joined by underscores.</summary>
    public static string Of(FailureKind kind) => kind switch
    {
        FailureKind.ServerDown => "server_down",
        FailureKind.ConnectFailed => "connect_failed",
        FailureKind.ConnectionLost => "connection_lost",
        FailureKind.Timeout => "timeout",
        FailureKind.NoServer => "no_server",
        FailureKind.UnexpectedReply => "unexpected_reply",
        FailureKind.CrossServer => "cross_server",
        FailureKind.NotOffered => "not_offered",
        FailureKind.KeepsMoving => "keeps_moving",
        FailureKind.OutOfBuffers => "out_of_buffers",
        FailureKind.PinnedWait => "pinned_wait",
        FailureKind.BacklogFull => "backlog_full",
        FailureKind.NotKept => "not_kept",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
