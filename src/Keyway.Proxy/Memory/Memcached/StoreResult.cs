namespace Keyway.Proxy.Memory.Memcached;

/// <summary>What became of a request to store a value.</summary>
internal enum StoreResult
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>The condition does not hold.</summary>
    NotStored,

    /// <summary>Another version is there.</summary>
    Exists,

    /// <summary>There is no version to compare with.</summary>
    NotFound,

    /// <summary>What is there and what is to be joined to it are too large together.</summary>
    TooLarge,
}
