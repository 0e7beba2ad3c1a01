namespace Keyway.Protocol.Hashing;

/// <summary>The 32-bit hash of a key, bit for bit what nutcracker 0.5 on x86 calculates.</summary>
public static class KeyHash
{
    /// <summary>The hash of an effective key (see <see cref="HashTag"/>). An empty key hashes to 0, whatever the function: nutcracker does not call it then.</summary>
    /// <param name="kind">The function.</param>
    /// <param name="key">The effective key, any bytes, any length.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not a defined value.</exception>
    public static uint Compute(HashKind kind, ReadOnlySpan<byte> key) => key.IsEmpty ? 0 : Raw(kind, key);

    /// <summary>As <see cref="Compute"/>, without the rule for empty keys.</summary>
    internal static uint Raw(HashKind kind, ReadOnlySpan<byte> key) => kind switch
    {
        HashKind.OneAtATime => OneAtATime.Hash(key),
        HashKind.Md5 => Md5.Hash(key),
        HashKind.Crc16 => Crc16.Hash(key),
        HashKind.Crc32 => Crc32.LegacyHash(key),
        HashKind.Crc32a => Crc32.Hash(key),
        HashKind.Fnv1_64 => Fnv.Fnv1(Fnv.Basis64, Fnv.Prime64, key),
        HashKind.Fnv1a64 => Fnv.Fnv1a(Fnv.Basis64, Fnv.Prime64, key),
        HashKind.Fnv1_32 => Fnv.Fnv1(Fnv.Basis32, Fnv.Prime32, key),
        HashKind.Fnv1a32 => Fnv.Fnv1a(Fnv.Basis32, Fnv.Prime32, key),
        HashKind.Hsieh => Hsieh.Hash(key),
        HashKind.Murmur => Murmur2.Hash(key),
        HashKind.Jenkins => Lookup3.Hash(key),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a hash function."),
    };
}
