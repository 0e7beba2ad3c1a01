using System.Buffers.Binary;

namespace Keyway.Protocol.Hashing;

/// <summary>Paul Hsieh's SuperFastHash as nutcracker has it: starting from 0 and not from the length.</summary>
internal static class Hsieh
{
    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return 0;
        }

        uint hash = 0;
        var rest = key;
        while (rest.Length >= 4)
        {
            hash += BinaryPrimitives.ReadUInt16LittleEndian(rest);
            var mixed = ((uint)BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) << 11) ^ hash;
            hash = (hash << 16) ^ mixed;
            hash += hash >> 11;
            rest = rest[4..];
        }

        hash = AddTail(hash, rest);
        hash ^= hash << 3;
        hash += hash >> 5;
        hash ^= hash << 4;
        hash += hash >> 17;
        hash ^= hash << 25;
        return hash + (hash >> 6);
    }

    private static uint AddTail(uint hash, ReadOnlySpan<byte> tail)
    {
        switch (tail.Length)
        {
            case 3:
                hash += BinaryPrimitives.ReadUInt16LittleEndian(tail);
                hash ^= hash << 16;
                hash ^= (uint)(sbyte)tail[2] << 18;
                return hash + (hash >> 11);
            case 2:
                hash += BinaryPrimitives.ReadUInt16LittleEndian(tail);
                hash ^= hash << 11;
                return hash + (hash >> 17);
            case 1:
                hash += tail[0];
                hash ^= hash << 10;
                return hash + (hash >> 1);
            default:
                return hash;
        }
    }
}
