namespace Keyway.Proxy.Management;

/// <summary>Writes or records that smart mode and relays had answered and not delivered when the proxy ended.</summary>
/// <param name="Lost">Those that were in memory only.</param>
/// <param name="Kept">Those that are in journals.</param>
public readonly record struct Undelivered(long Lost, long Kept);
