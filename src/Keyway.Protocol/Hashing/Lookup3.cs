using System.Buffers.Binary;
using System.Numerics;

namespace Keyway.Protocol.Hashing;

/// <summary>Bob Jenkins' lookup3 (<c>hashlittle</c>) with the initial value 13.</summary>
internal static class Lookup3
{
    private const int BlockSize = 12;

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        var a = 0xDEADBEEF + (uint)key.Length + 13;
        var b = a;
        var c = a;
        var rest = key;
        while (rest.Length > BlockSize)
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(rest);
            b += BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
            Mix(ref a, ref b, ref c);
            rest = rest[BlockSize..];
        }

        // Only an empty key leaves nothing here: the last full block is kept back for the final mix.
        if (rest.IsEmpty)
        {
            return c;
        }

        Span<byte> last = stackalloc byte[BlockSize];
        last.Clear();
        rest.CopyTo(last);
        a += BinaryPrimitives.ReadUInt32LittleEndian(last);
        b += BinaryPrimitives.ReadUInt32LittleEndian(last[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(last[8..]);
        return FinalMix(a, b, c);
    }

    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        a = (a - c) ^ BitOperations.RotateLeft(c, 4);
        c += b;
        b = (b - a) ^ BitOperations.RotateLeft(a, 6);
        a += c;
        c = (c - b) ^ BitOperations.RotateLeft(b, 8);
        b += a;
        a = (a - c) ^ BitOperations.RotateLeft(c, 16);
        c += b;
        b = (b - a) ^ BitOperations.RotateLeft(a, 19);
        a += c;
        c = (c - b) ^ BitOperations.RotateLeft(b, 4);
        b += a;
    }

    private static uint FinalMix(uint a, uint b, uint c)
    {
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        return (c ^ b) - BitOperations.RotateLeft(b, 24);
    }
}
