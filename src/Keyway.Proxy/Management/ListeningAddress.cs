namespace Keyway.Proxy.Management;

/// <summary>An address that is served.</summary>
/// <param name="Pool">The pool behind it.</param>
/// <param name="Address"><c>host:port</c> or a path.</param>
public readonly record struct ListeningAddress(string Pool, string Address);
