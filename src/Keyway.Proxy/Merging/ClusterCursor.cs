using System.Globalization;

namespace Keyway.Proxy.Merging;

/// <summary>
/// Where a client's SCAN over a cluster stands, in the one number that the client sees: 0 both begins and ends the scan. It fits in 63 bits, since some clients take
/// cursors for signed numbers.
/// </summary>
/// <param name="Slot">The slot that the scan has come to, 0 to 16383: its node is being scanned.</param>
/// <param name="Node">7 bits that tell which node that was: another one does not understand the position.</param>
/// <param name="Map">8 bits that tell how the slots were shared out when the scan began.</param>
/// <param name="Position">The node's own cursor, below 2^34: a node with slots of its own tables (from Redis 7.4 on) uses 14 of these bits for the slot.</param>
public readonly record struct ClusterCursor(int Slot, byte Node, byte Map, ulong Position)
{
    private const int SlotBits = 14;
    private const int NodeBits = 7;
    private const int MapBits = 8;
    private const int PositionBits = 34;

    /// <summary>The longest position that fits.</summary>
    public const ulong MaxPosition = (1UL << PositionBits) - 2;

    /// <summary>The position that says that the node is done with: the next one is chosen when the client goes on, by the slots as they are then.</summary>
    public const ulong Done = MaxPosition + 1;

    /// <summary>Only this many values of <see cref="Node"/> are told apart.</summary>
    public const int Nodes = 1 << NodeBits;

    /// <summary>True for the beginning, which knows nothing yet.</summary>
    public bool IsBeginning => this == default;

    /// <summary>True where a node is about to be chosen.</summary>
    public bool IsBetweenNodes => IsBeginning || Position == Done;

    /// <summary>Reads a client's cursor; false if it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ClusterCursor cursor)
    {
        bool isNumber = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number);
        cursor = new ClusterCursor(
            (int)(number >> (PositionBits + MapBits + NodeBits)) & ((1 << SlotBits) - 1),
            (byte)((number >> (PositionBits + MapBits)) & (Nodes - 1)),
            (byte)(number >> PositionBits),
            number & Done);
        return isNumber && number <= long.MaxValue;
    }

    /// <summary>The number for the client.</summary>
    public ulong Number =>
        ((((((ulong)Slot << NodeBits) | Node) << MapBits) | Map) << PositionBits) | Position;
}
