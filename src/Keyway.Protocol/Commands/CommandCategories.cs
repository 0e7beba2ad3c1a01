namespace Keyway.Protocol.Commands;

/// <summary>The categories of Redis's access control lists, https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/#command-categories.</summary>
[Flags]
public enum CommandCategories
{
    /// <summary>No category.</summary>
    None = 0,

    /// <summary>Works on keys whatever their type.</summary>
    Keyspace = 1 << 0,

    /// <summary>Changes no data.</summary>
    Read = 1 << 1,

    /// <summary>May change data.</summary>
    Write = 1 << 2,

    /// <summary>Works on sets.</summary>
    Set = 1 << 3,

    /// <summary>Works on sorted sets.</summary>
    SortedSet = 1 << 4,

    /// <summary>Works on lists.</summary>
    List = 1 << 5,

    /// <summary>Works on hashes.</summary>
    Hash = 1 << 6,

    /// <summary>Works on strings.</summary>
    String = 1 << 7,

    /// <summary>Works on bitmaps.</summary>
    Bitmap = 1 << 8,

    /// <summary>Works on HyperLogLogs.</summary>
    HyperLogLog = 1 << 9,

    /// <summary>Works on places.</summary>
    Geo = 1 << 10,

    /// <summary>Works on streams.</summary>
    Stream = 1 << 11,

    /// <summary>Belongs to publish and subscribe.</summary>
    PubSub = 1 << 12,

    /// <summary>Administers the server.</summary>
    Admin = 1 << 13,

    /// <summary>Takes constant or logarithmic time.</summary>
    Fast = 1 << 14,

    /// <summary>Takes more than that.</summary>
    Slow = 1 << 15,

    /// <summary>May wait on its connection.</summary>
    Blocking = 1 << 16,

    /// <summary>Can harm the server or its other users.</summary>
    Dangerous = 1 << 17,

    /// <summary>Concerns the connection or other clients' connections.</summary>
    Connection = 1 << 18,

    /// <summary>Belongs to transactions.</summary>
    Transaction = 1 << 19,

    /// <summary>Belongs to scripts and functions.</summary>
    Scripting = 1 << 20,
}
