using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keyway.Protocol.Commands;

/// <summary>A command's name in upper case, packed into three words, so that names are compared without a loop.</summary>
internal readonly struct PackedName : IEquatable<PackedName>
{
    /// <summary>Bytes of the longest name; the longest of Redis 7.0 has 21.</summary>
    public const int MaxLength = 24;

    // 2^64 divided by the golden ratio: the product's upper bits depend on all bits of the name.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly int _length;

    private PackedName(ulong first, ulong second, ulong third, int length)
    {
        _first = first;
        _second = second;
        _third = third;
        _length = length;
    }

    /// <summary>A hash whose upper bits are the good ones.</summary>
    public ulong Hash => (_first ^ BitOperations.RotateLeft(_second, 23) ^ BitOperations.RotateLeft(_third, 41)) * Multiplier;

    public static bool operator ==(PackedName left, PackedName right) => left.Equals(right);

    public static bool operator !=(PackedName left, PackedName right) => !left.Equals(right);

    /// <summary>Packs a name; false if it is empty or too long for a command.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPack(ReadOnlySpan<byte> name, out PackedName packed)
    {
        int length = name.Length;
        if (length is > 0 and <= sizeof(ulong))
        {
            packed = new PackedName(Upper(Load(name)), 0, 0, length);
            return true;
        }

        return TryPackLong(name, out packed);
    }

    public bool Equals(PackedName other) =>
        _first == other._first && _length == other._length && _second == other._second && _third == other._third;

    public override bool Equals(object? obj) => obj is PackedName other && Equals(other);

    public override int GetHashCode() => (int)(Hash >> 32);

    private static bool TryPackLong(ReadOnlySpan<byte> name, out PackedName packed)
    {
        if (name.Length is 0 or > MaxLength)
        {
            packed = default;
            return false;
        }

        ulong first = Load(name[..sizeof(ulong)]);
        bool two = name.Length <= 2 * sizeof(ulong);
        ulong second = Load(two ? name[sizeof(ulong)..] : name.Slice(sizeof(ulong), sizeof(ulong)));
        ulong third = two ? 0 : Load(name[(2 * sizeof(ulong))..]);
        packed = new PackedName(Upper(first), Upper(second), Upper(third), name.Length);
        return true;
    }

    /// <summary>1 to 8 bytes as a word. Short ones are read as two or three overlapping pieces, which agree where they overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length;
        if (length == sizeof(ulong))
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
