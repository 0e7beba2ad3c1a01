namespace Keyway.Proxy.Memory.Memcached;

/// <summary>On what condition, and where, a value is stored.</summary>
internal enum StoreMode
{
    /// <summary>Whatever was there.</summary>
    Set,

    /// <summary>Only where nothing is.</summary>
    Add,

    /// <summary>Only where something is.</summary>
    Replace,

    /// <summary>Behind what is there.</summary>
    Append,

    /// <summary>Before what is there.</summary>
    Prepend,

    /// <summary>Only in place of the version that the client has seen.</summary>
    CompareAndSet,
}
