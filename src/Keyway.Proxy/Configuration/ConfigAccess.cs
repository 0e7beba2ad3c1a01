namespace Keyway.Proxy.Configuration;

/// <summary>What clients may do with CONFIG.</summary>
public enum ConfigAccess : byte
{
    /// <summary>Nothing.</summary>
    Refuse,

    /// <summary>Read settings.</summary>
    Get,

    /// <summary>Also change them, for every client of the servers.</summary>
    All,
}
