namespace Keyway.Protocol.Commands;

/// <summary>What a command does with the keys of one specification, https://redis.io/docs/latest/develop/reference/key-specs/.</summary>
[Flags]
public enum KeySpecFlags
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>RO: reads the value.</summary>
    ReadOnly = 1 << 0,

    /// <summary>RW: changes the value, and needs the old one.</summary>
    ReadWrite = 1 << 1,

    /// <summary>OW: overwrites the value without regard to the old one.</summary>
    Overwrite = 1 << 2,

    /// <summary>RM: removes the key.</summary>
    Remove = 1 << 3,

    /// <summary>Looks like a key and is routed like one, but is none (a channel).</summary>
    NotKey = 1 << 4,

    /// <summary>There may be keys that the specification does not find.</summary>
    Incomplete = 1 << 5,

    /// <summary>What is done depends on the arguments.</summary>
    VariableFlags = 1 << 6,
}
