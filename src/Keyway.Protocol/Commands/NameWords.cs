using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keyway.Protocol.Commands;

/// <summary>Names as words of eight bytes in upper case, which compare without a loop.</summary>
internal static class NameWords
{
    /// <summary>Bytes of the longest name; the longest of Redis 7.0 has 21.</summary>
    public const int MaxLength = 3 * sizeof(ulong);

    // 2^64 divided by the golden ratio: the product's upper bits depend on all bits of the name.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>A hash whose upper bits are the good ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong first, ulong second = 0, ulong third = 0) =>
        (first ^ BitOperations.RotateLeft(second, 23) ^ BitOperations.RotateLeft(third, 41)) * Multiplier;

    /// <summary>1 to 8 bytes as a word in upper case, padded with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Word(ReadOnlySpan<byte> bytes) => Upper(Load(bytes));

    /// <summary>Short names are read as two or three overlapping pieces, which agree where they overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length;
        if (length >= sizeof(ulong))
        {
            return MemoryMarshal.Read<ulong>(bytes);
        }

        if (length >= sizeof(uint))
        {
            int end = length - sizeof(uint);
            return MemoryMarshal.Read<uint>(bytes) | ((ulong)MemoryMarshal.Read<uint>(bytes[end..]) << (end * 8));
        }

        return bytes[0] | ((uint)bytes[length >> 1] << ((length >> 1) * 8)) | ((uint)bytes[length - 1] << ((length - 1) * 8));
    }

    /// <summary>Turns a-z into A-Z in all eight bytes at once; other bytes stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Upper(ulong word)
    {
        // Adding to the lower seven bits carries into a byte's top bit, never beyond: set from 'a' on, and from behind 'z' on.
        ulong low = word & 0x7F7F_7F7F_7F7F_7F7F;
        ulong fromA = low + 0x1F1F_1F1F_1F1F_1F1F;
        ulong behindZ = low + 0x0505_0505_0505_0505;
        ulong isLower = fromA & ~behindZ & ~word & 0x8080_8080_8080_8080;
        return word ^ (isLower >> 2);
    }
}
