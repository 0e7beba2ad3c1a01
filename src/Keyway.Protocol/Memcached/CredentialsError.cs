namespace Keyway.Protocol.Memcached;

/// <summary>Why a client is not let in.</summary>
public enum CredentialsError : byte
{
    /// <summary>It is let in.</summary>
    None,

    /// <summary>Another command came first.</summary>
    Missing,

    /// <summary>The data block does not end where its length says.</summary>
    BadEnd,

    /// <summary>The data block is not a name and a password.</summary>
    BadFormat,

    /// <summary>They are wrong.</summary>
    Refused,
}
