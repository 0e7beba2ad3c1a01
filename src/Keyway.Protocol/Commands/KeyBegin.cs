namespace Keyway.Protocol.Commands;

/// <summary>Where the search for keys begins.</summary>
public enum KeyBegin : byte
{
    /// <summary>Not known: the specification finds nothing.</summary>
    Unknown,

    /// <summary>At a fixed argument.</summary>
    Index,

    /// <summary>At the argument after a word.</summary>
    Keyword,
}
