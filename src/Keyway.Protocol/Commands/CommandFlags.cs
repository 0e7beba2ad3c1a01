namespace Keyway.Protocol.Commands;

/// <summary>What a server says about a command, https://redis.io/docs/latest/commands/command/#flags.</summary>
[Flags]
public enum CommandFlags
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>May change data.</summary>
    Write = 1 << 0,

    /// <summary>Changes no data.</summary>
    ReadOnly = 1 << 1,

    /// <summary>Refused when the server is out of memory.</summary>
    DenyOom = 1 << 2,

    /// <summary>Administers the server.</summary>
    Admin = 1 << 3,

    /// <summary>Belongs to publish and subscribe.</summary>
    PubSub = 1 << 4,

    /// <summary>Not allowed in scripts.</summary>
    NoScript = 1 << 5,

    /// <summary>May wait on its connection.</summary>
    Blocking = 1 << 6,

    /// <summary>Allowed while the server loads its data.</summary>
    Loading = 1 << 7,

    /// <summary>Allowed on a replica with old data.</summary>
    Stale = 1 << 8,

    /// <summary>Takes constant or logarithmic time.</summary>
    Fast = 1 << 9,

    /// <summary>Key positions depend on the arguments.</summary>
    MovableKeys = 1 << 10,

    /// <summary>Allowed before AUTH.</summary>
    NoAuth = 1 << 11,

    /// <summary>Not allowed in transactions.</summary>
    NoMulti = 1 << 12,

    /// <summary>Belongs to a module.</summary>
    Module = 1 << 13,

    /// <summary>Allowed on a slot that is being imported, without ASKING.</summary>
    Asking = 1 << 14,

    /// <summary>Not shown by MONITOR.</summary>
    SkipMonitor = 1 << 15,

    /// <summary>Not kept in the slow log.</summary>
    SkipSlowLog = 1 << 16,

    /// <summary>May come with no key although it has a place for some.</summary>
    NoMandatoryKeys = 1 << 17,

    /// <summary>Allowed while a script runs for too long.</summary>
    AllowBusy = 1 << 18,

    /// <summary>Not allowed while a replica loads data beside the old.</summary>
    NoAsyncLoading = 1 << 19,
}
