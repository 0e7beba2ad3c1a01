namespace Keyway.Proxy.Smart;

/// <summary>Whether the journal takes a write.</summary>
public enum WriteResult
{
    /// <summary>It is in the batch.</summary>
    Taken,

    /// <summary>There is no room before older writes have left.</summary>
    Full,

    /// <summary>The disk is behind: in a moment it can be taken.</summary>
    Busy,

    /// <summary>It cannot be kept: the disk is full, or the write too large.</summary>
    Refused,
}
