namespace Keyway.Proxy.Configuration;

/// <summary>When the client of a write has its answer (<c>mode</c>).</summary>
public enum PoolMode
{
    /// <summary>When the server has answered.</summary>
    Sync,

    /// <summary>At once, for the writes that <c>early</c> names; they are delivered behind the client's back.</summary>
    Smart,
}
