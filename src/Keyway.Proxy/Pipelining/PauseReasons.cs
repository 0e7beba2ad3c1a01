namespace Keyway.Proxy.Pipelining;

/// <summary>Why a client is not read (back-pressure). It is read again when no reason is left.</summary>
[Flags]
internal enum PauseReasons : ushort
{
    None = 0,

    /// <summary>Too many of its requests await their reply (<c>limits.client_requests</c>).</summary>
    Requests = 1,

    /// <summary>It does not take its replies (<c>limits.client_output</c>).</summary>
    Output = 2,

    /// <summary>A server connection that it needs is full (<c>limits.server_requests</c>, <c>limits.server_output</c>).</summary>
    Server = 4,

    /// <summary>An answer decides how its next command is treated: SELECT of a new database, a command not yet known, a large value on its way.</summary>
    Barrier = 8,

    /// <summary>The buffers of the process are used up (<c>max_buffers</c>).</summary>
    Buffers = 16,

    /// <summary>Its next request takes other server connections than those under way (HELLO, SELECT), and is not to overtake them.</summary>
    Order = 32,

    /// <summary>It waits for a pinned connection, or on one, and has sent more than is kept meanwhile.</summary>
    Held = 64,

    /// <summary>Writes that smart mode has answered come first, or there is no room for another.</summary>
    Writes = 128,

    /// <summary>Commands of its transaction are being done one after the other.</summary>
    Execution = 256,
}
