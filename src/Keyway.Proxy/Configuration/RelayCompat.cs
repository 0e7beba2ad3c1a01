namespace Keyway.Proxy.Configuration;

/// <summary>Whose answers a relay gives inside transactions.</summary>
public enum RelayCompat
{
    /// <summary>Redis's: <c>+QUEUED</c>, and an array for EXEC.</summary>
    Redis,

    /// <summary>smart-relayer's: <c>+OK</c> for each and for EXEC.</summary>
    SmartRelayer,
}
