namespace Keyway.Proxy.Merging;

/// <summary>
/// The replies of the servers that a command was split or broadcast to. Implemented by structs: the merges are generic over it, so that no
/// call goes through the interface.
/// </summary>
public interface IReplyParts
{
    /// <summary>How many servers answered.</summary>
    int Count { get; }

    /// <summary>The whole RESP frame of one server's reply, in the order of the servers.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    ReadOnlySpan<byte> this[int index] { get; }
}
