namespace Keyway.Protocol.Memcached;

/// <summary>A row of the command table.</summary>
/// <param name="Name">As clients write it, in lower case: memcached knows no other.</param>
/// <param name="Action">What kind of command it is.</param>
/// <param name="LeastTokens">Fewest words, the name included; fewer are answered <c>ERROR</c>.</param>
/// <param name="MostTokens">Most words; more are answered <c>ERROR</c>.</param>
public sealed record MemcachedCommand(string Name, MemcachedAction Action, int LeastTokens, int MostTokens = int.MaxValue)
{
    /// <summary>What a server answers when it has done what it was told, for commands whose clients need not wait for it; else null.</summary>
    public string? PlainAnswer { get; init; }

    /// <summary>True when a pool in smart mode gives that answer at once unless it is told otherwise.</summary>
    public bool IsEarly { get; init; }

    /// <summary>True when it may be sent again if it is not known whether it was executed.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>The word in the place of the first key.</summary>
    public int FirstKey => Action == MemcachedAction.GetAndTouch ? 2 : 1;

    /// <summary>True for the commands of the meta protocol that have a key and flags.</summary>
    public bool IsMeta => Action is >= MemcachedAction.MetaGet and <= MemcachedAction.MetaDebug;

    /// <summary>True when servers take a line of any length; of other commands it can be longer than usual only as long as it comes in one piece.</summary>
    public bool MayBeLong => Name is "get" or "gets";

    /// <summary>True when a last word <c>noreply</c> silences the answer.</summary>
    public bool HasNoReply { get; init; } = Action is MemcachedAction.Store or MemcachedAction.Delete or MemcachedAction.Arithmetic or MemcachedAction.Touch
        or MemcachedAction.FlushAll or MemcachedAction.Verbosity;

    /// <summary>True when a data block follows the line.</summary>
    public bool HasData => Action is MemcachedAction.Store or MemcachedAction.MetaSet;
}
