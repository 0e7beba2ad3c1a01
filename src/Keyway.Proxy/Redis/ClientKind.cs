namespace Keyway.Proxy.Redis;

/// <summary>What CLIENT LIST and CLIENT KILL call the type of a client.</summary>
internal enum ClientKind : byte
{
    /// <summary>It asks and is answered.</summary>
    Normal,

    /// <summary>It is subscribed to something.</summary>
    Pubsub,

    /// <summary>A replica of a server: Keyway has none.</summary>
    Replica,

    /// <summary>The primary of a replica: Keyway has none.</summary>
    Master,
}
