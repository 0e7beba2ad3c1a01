namespace Keyway.Proxy.Configuration;

/// <summary>Whose answers a relay gives.</summary>
public enum RelayCompat
{
    /// <summary>Redis's: to each command its own, <c>+QUEUED</c> and an array for EXEC in transactions.</summary>
    Redis,

    /// <summary>smart-relayer's: <c>+OK</c> to each command that makes a record, to MULTI and to EXEC.</summary>
    SmartRelayer,
}
