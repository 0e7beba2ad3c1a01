namespace Keyway.Proxy.Configuration;

/// <summary>Which nodes answer reads.</summary>
public enum ReadFrom
{
    /// <summary>The primary.</summary>
    Primary,

    /// <summary>A replica if one can be had, else the primary.</summary>
    PreferReplica,

    /// <summary>A replica, and never the primary.</summary>
    Replica,

    /// <summary>The node that answers fastest, primary or replica.</summary>
    Nearest,
}
