namespace Keyway.Proxy.Pipelining;

/// <summary>Every way in which Keyway itself fails a request: one vocabulary for replies, counters, logs and tests.</summary>
public enum FailureKind
{
    /// <summary>The server is known to be away; nothing was sent.</summary>
    ServerDown,

    /// <summary>The connection could not be established; nothing was sent.</summary>
    ConnectFailed,

    /// <summary>The connection ended before the reply; the request may have been executed.</summary>
    ConnectionLost,

    /// <summary>No reply within <c>timeout</c>; the request may have been executed.</summary>
    Timeout,

    /// <summary>All servers of the pool are away.</summary>
    NoServer,

    /// <summary>A server's reply does not fit the request; its connection was closed.</summary>
    UnexpectedReply,

    /// <summary>The keys of one command belong to different servers.</summary>
    CrossServer,

    /// <summary>The command cannot be offered through this pool.</summary>
    NotOffered,

    /// <summary>The nodes of a cluster sent the request to and fro until <c>retry_budget</c> was over.</summary>
    KeepsMoving,

    /// <summary>The buffers of the process are used up.</summary>
    OutOfBuffers,

    /// <summary>No pinned connection became free in time; nothing was sent.</summary>
    PinnedWait,

    /// <summary>There is no room for a write that smart mode would answer early (<c>when_full: error</c>); nothing was sent.</summary>
    BacklogFull,

    /// <summary>The journal could not keep a write that smart mode would answer early; the write may have been executed.</summary>
    NotKept,
}
