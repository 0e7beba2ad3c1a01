using Keyway.Protocol.Hashing;

namespace Keyway.Protocol.Cluster;

/// <summary>The slot of a key: CRC16 of the key, or of what stands between its first braces, modulo 16384.</summary>
public static class KeySlot
{
    private const uint Mask = SlotRange.SlotCount - 1;
    private static readonly HashTag Tag = new((byte)'{', (byte)'}');

    /// <summary>0 to 16383.</summary>
    public static int Of(ReadOnlySpan<byte> key) => (int)(Crc16.Standard(Tag.Effective(key)) & Mask);
}
