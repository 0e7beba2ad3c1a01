namespace Keyway.Proxy.Management;

/// <summary>An address that is served.</summary>
/// <param name="Pool">The pool behind it.</param>
/// <param name="Address"><c>host:port</c> or a path; of <c>http_listen</c> with <c>http://</c> before it.</param>
public readonly record struct ListeningAddress(string Pool, string Address);
