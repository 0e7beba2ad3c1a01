namespace Keyway.Proxy.Configuration;

/// <summary>What <c>flush_all</c> of a memcached pool does.</summary>
public enum FlushPolicy
{
    /// <summary>Empties every server.</summary>
    All,

    /// <summary>Is refused, as by a memcached started with <c>-F</c>.</summary>
    Forbid,
}
