namespace Keyway.Proxy.Redis.Pinning;

/// <summary>Where an element goes back to that a blocking command took for a client that had gone.</summary>
internal enum PutBackEnd : byte
{
    /// <summary>Nowhere: the command takes nothing away, or has put it elsewhere (BLMOVE), or it is still pending (XREADGROUP).</summary>
    None,

    /// <summary>The left end of the list.</summary>
    Left,

    /// <summary>The right end of the list.</summary>
    Right,

    /// <summary>The sorted set.</summary>
    SortedSet,
}
