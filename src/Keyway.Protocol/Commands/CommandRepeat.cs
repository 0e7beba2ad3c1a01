namespace Keyway.Protocol.Commands;

/// <summary>Whether a command may be sent again when its connection was lost before the reply came.</summary>
public enum CommandRepeat : byte
{
    /// <summary>Never: a repeat changes the data twice, or answers what is no longer true.</summary>
    No,

    /// <summary>Always: it changes nothing.</summary>
    Read,

    /// <summary>
    /// If the pool allows it: twice leaves the same data as once, though a count in the reply can be less. Words among its arguments can
    /// turn it into <see cref="No"/>, see <see cref="CommandInfo.RepeatFor"/>.
    /// </summary>
    Idempotent,
}
