namespace Keyway.Protocol.Memcached;

/// <summary>How the reply to a request is framed.</summary>
public enum MemcachedReplyKind : byte
{
    /// <summary>One line.</summary>
    Line,

    /// <summary>VALUE lines with their data, then END; or an error.</summary>
    Values,

    /// <summary>One line of two letters and flags, with data behind VA.</summary>
    Meta,

    /// <summary>Lines of STAT and its like, then END; or one other line.</summary>
    Stats,

    /// <summary>Replies of the meta protocol, up to and with MN.</summary>
    UntilNoOp,
}
