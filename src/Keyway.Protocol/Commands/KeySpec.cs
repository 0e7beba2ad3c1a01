using System.Text;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Where some keys of a command are, as servers since version 7 describe it: https://redis.io/docs/latest/develop/reference/key-specs/.
/// redis-commands.tsv explains the notation that <see cref="KeySpecNotation"/> reads.
/// </summary>
public sealed class KeySpec
{
    private readonly byte[] _keyword = [];

    /// <summary>What is done with these keys.</summary>
    public KeySpecFlags Flags { get; init; }

    /// <summary>How the beginning is found.</summary>
    public KeyBegin Begin { get; init; }

    /// <summary>The argument of the beginning, or the one from which <see cref="Keyword"/> is looked for: negative ones count from the end
    /// and search backwards.</summary>
    public int BeginIndex { get; init; }

    /// <summary>The word before the beginning, upper case; null unless <see cref="Begin"/> is <see cref="KeyBegin.Keyword"/>.</summary>
    public string? Keyword
    {
        get;
        init
        {
            field = value;
            _keyword = value is null ? [] : Encoding.ASCII.GetBytes(value);
        }
    }

    /// <summary>How the keys are found from the beginning on.</summary>
    public KeyFind Find { get; init; }

    /// <summary>Range: the last key relative to the beginning, or, if negative, to the end of the arguments.</summary>
    public int LastKey { get; init; }

    /// <summary>Range with a negative <see cref="LastKey"/>: above 1, only the first of so many equal parts of the arguments holds keys.</summary>
    public int Limit { get; init; }

    /// <summary>Count: the argument with the count, relative to the beginning.</summary>
    public int CountIndex { get; init; }

    /// <summary>Count: the first key, relative to the beginning.</summary>
    public int FirstKey { get; init; }

    /// <summary>Distance from a key to the next, 1 or more.</summary>
    public int Step { get; init; } = 1;

    /// <summary>
    /// True if <see cref="KeyFinder"/> can find these keys; false for what are no keys, where the server itself cannot tell, and where the
    /// numbers make no sense.
    /// </summary>
    public bool IsSearchable =>
        (Flags & KeySpecFlags.NotKey) == KeySpecFlags.None
        && (Begin == KeyBegin.Keyword || (Begin == KeyBegin.Index && BeginIndex > 0))
        && Find != KeyFind.Unknown && CountIndex >= 0 && FirstKey >= 0 && Step > 0;

    /// <summary>The keyword as the bytes that requests hold.</summary>
    internal ReadOnlySpan<byte> KeywordBytes => _keyword;
}
