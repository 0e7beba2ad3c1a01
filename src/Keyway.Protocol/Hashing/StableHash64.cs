using System.Buffers.Binary;
using System.Numerics;

namespace Keyway.Protocol.Hashing;

/// <summary>
/// A 64-bit hash of Keyway's own, the same in every version and on every machine: placements depend on it. Eight bytes a step; each step is a
/// bijection of the state and of the word, so that no two keys of up to eight bytes and of one length collide.
/// </summary>
internal static class StableHash64
{
    // Odd 64-bit constants: the golden ratio, and the multipliers of the SplitMix64 finaliser (Steele, Lea, Flood: "Fast splittable
    // pseudorandom number generators", 2014; the variant of David Stafford's "Better bit mixing", number 13).
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;
    private const ulong FirstMultiplier = 0xBF58476D1CE4E5B9;
    private const ulong SecondMultiplier = 0x94D049BB133111EB;

    internal static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var state = GoldenRatio * ((ulong)bytes.Length + 1);
        var rest = bytes;
        while (rest.Length >= sizeof(ulong))
        {
            state = AddWord(state, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            rest = rest[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            tail |= (ulong)rest[i] << (8 * i);
        }

        return Mix(AddWord(state, tail));
    }

    /// <summary>Spreads a number over all 64 bits: a bijection in which every input bit flips about half of the output's.</summary>
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * FirstMultiplier;
        value = (value ^ (value >> 27)) * SecondMultiplier;
        return value ^ (value >> 31);
    }

    private static ulong AddWord(ulong state, ulong word) => BitOperations.RotateLeft(state ^ (word * FirstMultiplier), 29) * SecondMultiplier;
}
