using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Pools;

/// <summary>A server connection that one client at a time has for itself.</summary>
/// <param name="connection">The connection; requests may be sent at once.</param>
/// <param name="lane">The number of its lane.</param>
internal sealed class PinnedConnection(ServerConnection connection, int lane)
{
    internal ServerConnection Connection { get; } = connection;

    /// <summary>The number of its lane in <see cref="PoolState.Lanes"/>.</summary>
    internal int Lane { get; } = lane;

    internal ServerState Server => Connection.Server;

    /// <summary>Since when there is this connection, in the reactor's milliseconds.</summary>
    internal long OpenedAt { get; } = connection.Server.Pool.Reactor.Now;

    /// <summary>Since when it has been free, in the reactor's milliseconds.</summary>
    internal long IdleSince { get; set; }

    /// <summary>Set when it is to be closed instead of being used again.</summary>
    internal bool IsSpoilt { get; set; }

    /// <summary>What CLIENT ID says at the server; null before the answer is here.</summary>
    internal long? ServerId { get; set; }

    /// <summary>True once CLIENT ID was asked.</summary>
    internal bool IsAskedForId { get; set; }

    /// <summary>True when it is older than <c>connection_max_age</c>: its present user is the last.</summary>
    internal bool IsOld => Server.Pool.Config.ConnectionMaxAge is { } age && Server.Pool.Reactor.Now - OpenedAt >= (long)age.TotalMilliseconds;

    /// <summary>True when nothing is awaited and it can serve another client, provided that its user left nothing behind.</summary>
    internal bool IsQuiet => !IsSpoilt && !Connection.IsClosed && Connection.Awaited == 0;
}
