using System.Buffers.Binary;
using System.Numerics;

namespace Keyway.WriteBehind.Journal.Format;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4), which processors compute themselves.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/>; with a salt other than 0 one that nobody can foretell who does not know the salt.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes, uint salt = 0) => ~Continue(~salt, bytes);

    /// <summary>The checksum of two pieces in a row.</summary>
    internal static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Continue(Continue(~0u, first), second);

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
