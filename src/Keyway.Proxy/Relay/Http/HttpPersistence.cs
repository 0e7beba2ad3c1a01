namespace Keyway.Proxy.Relay.Http;

/// <summary>What an answer says of its connection.</summary>
internal enum HttpPersistence
{
    /// <summary>Nothing: it stays open, as HTTP/1.1 has it.</summary>
    Default,

    /// <summary>It stays open, for a client of HTTP/1.0 that asked for it.</summary>
    KeepAlive,

    /// <summary>It is closed behind the answer.</summary>
    Close,
}
