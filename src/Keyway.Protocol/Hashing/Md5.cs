using System.Buffers.Binary;
using System.Numerics;

namespace Keyway.Protocol.Hashing;

/// <summary>
/// MD5 (RFC 1321), to place keys and not to protect anything. The platform's own would load OpenSSL (slow to start, megabytes) and is refused
/// under FIPS, where a ring must still come out the same.
/// </summary>
internal static class Md5
{
    internal const int DigestSize = 16;

    private const int BlockSize = 64;

    /// <summary>Offset in the last block of the 64-bit count of message bits.</summary>
    private const int BitCountOffset = BlockSize - sizeof(ulong);

    private static readonly uint[] Sines = MakeSines();

    /// <summary>Left rotations: four for each of the four rounds.</summary>
    private static ReadOnlySpan<byte> Rotations => [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    /// <summary>The first four bytes of the digest as a little-endian number.</summary>
    internal static uint Hash(ReadOnlySpan<byte> key) => Digest(key).A;

    /// <summary>Writes the digest's <see cref="DigestSize"/> bytes.</summary>
    internal static void Hash(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        var (a, b, c, d) = Digest(message);
        BinaryPrimitives.WriteUInt32LittleEndian(digest, a);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[4..], b);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[8..], c);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[12..], d);
    }

    private static (uint A, uint B, uint C, uint D) Digest(ReadOnlySpan<byte> message)
    {
        (uint A, uint B, uint C, uint D) state = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476);
        var rest = message;
        while (rest.Length >= BlockSize)
        {
            state = AddBlock(state, rest);
            rest = rest[BlockSize..];
        }

        // RFC 1321, 3.1 and 3.2: a one bit, zeros, then the message's length in bits.
        Span<byte> last = stackalloc byte[BlockSize];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        if (rest.Length >= BitCountOffset)
        {
            state = AddBlock(state, last);
            last.Clear();
        }

        BinaryPrimitives.WriteUInt64LittleEndian(last[BitCountOffset..], (ulong)message.Length * 8);
        return AddBlock(state, last);
    }

    private static (uint A, uint B, uint C, uint D) AddBlock((uint A, uint B, uint C, uint D) state, ReadOnlySpan<byte> block)
    {
        var (a, b, c, d) = state;
        for (var step = 0; step < 64; step++)
        {
            var round = step >> 4;
            var (mixed, word) = round switch
            {
                0 => (d ^ (b & (c ^ d)), step),
                1 => (c ^ (d & (b ^ c)), (5 * step) + 1),
                2 => (b ^ c ^ d, (3 * step) + 5),
                _ => (c ^ (b | ~d), 7 * step),
            };
            var sum = a + mixed + Sines[step] + BinaryPrimitives.ReadUInt32LittleEndian(block[((word & 15) * sizeof(uint))..]);
            (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(sum, Rotations[(round << 2) | (step & 3)]));
        }

        return (state.A + a, state.B + b, state.C + c, state.D + d);
    }

    /// <summary>RFC 1321, 3.4: element i is the integer part of 2^32 times abs(sin(i + 1)), in radians.</summary>
    private static uint[] MakeSines()
    {
        var sines = new uint[64];
        for (var i = 0; i < sines.Length; i++)
        {
            sines[i] = (uint)(Math.Abs(Math.Sin(i + 1)) * 4294967296.0);
        }

        return sines;
    }
}
