using System.Buffers.Binary;

namespace Keyway.Protocol.Hashing;

/// <summary>Austin Appleby's MurmurHash2, with the seed that libmemcached gave it: 0xDEADBEEF times the length.</summary>
internal static class Murmur2
{
    private const uint Multiplier = 0x5BD1E995;

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        var length = (uint)key.Length;
        var hash = (0xDEADBEEF * length) ^ length;
        var rest = key;
        while (rest.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(rest) * Multiplier;
            word ^= word >> 24;
            hash = (hash * Multiplier) ^ (word * Multiplier);
            rest = rest[4..];
        }

        if (!rest.IsEmpty)
        {
            for (var i = 0; i < rest.Length; i++)
            {
                hash ^= (uint)rest[i] << (8 * i);
            }

            hash *= Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }
}
