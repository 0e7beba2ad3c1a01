namespace Keyway.Proxy.Memcached;

/// <summary>What is to happen with the reply to a request: how it is framed, and when the client is not to see it (<see cref="Pipelining.Request.Expected"/>).</summary>
internal enum MemcachedAnswer : byte
{
    /// <summary>One line.</summary>
    Line,

    /// <summary>One line that the client does not get.</summary>
    Silent,

    /// <summary>Values up to END.</summary>
    Values,

    /// <summary>As <see cref="Values"/>, of one key, which the connection knows.</summary>
    Single,

    /// <summary>Values of several requests, of which this is one, and not the last: its own value, if it has one.</summary>
    Joined,

    /// <summary>As <see cref="Joined"/>, the last of them: its own value, if it has one, and END.</summary>
    JoinedLast,

    /// <summary>Statistics up to END, or one line.</summary>
    Stats,

    /// <summary>A reply of the meta protocol.</summary>
    Meta,

    /// <summary>As <see cref="Meta"/>; the client does not get a miss.</summary>
    QuietGet,

    /// <summary>As <see cref="Meta"/>; the client does not get plain success.</summary>
    QuietChange,

    /// <summary>As <see cref="Meta"/>; the client does not get success, with a value or without.</summary>
    QuietArithmetic,

    /// <summary>The server keeps quiet itself, and ends with MN, which the client does not get.</summary>
    UntilNoOp,
}
