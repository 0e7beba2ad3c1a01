namespace Keyway.Testing;

/// <summary>A reply as a tree: its type byte, its text (bytes as Latin-1) and, for aggregates, its parts.</summary>
public sealed record RespValue(char Type, string? Text, IReadOnlyList<RespValue> Items)
{
    /// <summary>RESP2's null bulk and null array, RESP3's null.</summary>
    public bool IsNull { get; init; }

    /// <summary>Whether this is an error, simple or bulk.</summary>
    public bool IsError => Type is '-' or '!';

    /// <summary>One line for assertions: <c>+OK</c>, <c>$text</c>, <c>$null</c>, <c>*[$a, :1]</c>.</summary>
    public override string ToString()
    {
        if (IsNull)
        {
            return Type + "null";
        }

        return Text is null ? $"{Type}[{string.Join(", ", Items)}]" : Type + Text;
    }
}
