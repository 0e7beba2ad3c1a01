namespace Keyway.Protocol.Commands;

/// <summary>Which arguments are keys, from where the search begins.</summary>
public enum KeyFind : byte
{
    /// <summary>Not known: the specification finds nothing.</summary>
    Unknown,

    /// <summary>A run of arguments whose end is fixed, or is counted from the last argument.</summary>
    Range,

    /// <summary>As many as an argument says.</summary>
    KeyCount,
}
