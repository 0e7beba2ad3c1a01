namespace Keyway.Protocol.Hashing;

/// <summary>
/// Fowler-Noll-Vo hashes in 32-bit arithmetic. The low half of a product depends on the low halves of its factors alone, so the
/// low 32 bits of the 64-bit functions come out right when basis and prime are cut to 32 bits.
/// </summary>
/// <remarks>Bytes are sign-extended as C's <c>char</c> is on x86; in the 64-bit functions only the low half of that is seen.</remarks>
internal static class Fnv
{
    internal const uint Basis32 = 0x811C9DC5;
    internal const uint Prime32 = 0x01000193;

    /// <summary>Low half of 0xCBF29CE484222325.</summary>
    internal const uint Basis64 = 0x84222325;

    /// <summary>Low half of 0x100000001B3.</summary>
    internal const uint Prime64 = 0x1B3;

    internal static uint Fnv1(uint basis, uint prime, ReadOnlySpan<byte> key)
    {
        var hash = basis;
        foreach (var b in key)
        {
            hash = (hash * prime) ^ (uint)(sbyte)b;
        }

        return hash;
    }

    internal static uint Fnv1a(uint basis, uint prime, ReadOnlySpan<byte> key)
    {
        var hash = basis;
        foreach (var b in key)
        {
            hash = (hash ^ (uint)(sbyte)b) * prime;
        }

        return hash;
    }
}
