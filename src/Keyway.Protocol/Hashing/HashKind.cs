namespace Keyway.Protocol.Hashing;

/// <summary>The hash functions of nutcracker 0.5, named as its configuration names them (<c>fnv1a_64</c> is <see cref="Fnv1a64"/>).</summary>
public enum HashKind
{
    /// <summary><c>one_at_a_time</c>: Bob Jenkins' one-at-a-time hash.</summary>
    OneAtATime,

    /// <summary><c>md5</c>: the first four bytes of the MD5 digest, little-endian.</summary>
    Md5,

    /// <summary><c>crc16</c>: the CRC-16/XMODEM table with a register that is never cut to 16 bits.</summary>
    Crc16,

    /// <summary><c>crc32</c>: libmemcached's legacy CRC-32, of which 15 bits remain.</summary>
    Crc32,

    /// <summary><c>crc32a</c>: the standard CRC-32.</summary>
    Crc32a,

    /// <summary><c>fnv1_64</c>: the low half of 64-bit FNV-1.</summary>
    Fnv1_64,

    /// <summary><c>fnv1a_64</c>: nutcracker's default, FNV-1a-64 calculated in 32 bits.</summary>
    Fnv1a64,

    /// <summary><c>fnv1_32</c>: 32-bit FNV-1.</summary>
    Fnv1_32,

    /// <summary><c>fnv1a_32</c>: 32-bit FNV-1a.</summary>
    Fnv1a32,

    /// <summary><c>hsieh</c>: Paul Hsieh's SuperFastHash.</summary>
    Hsieh,

    /// <summary><c>murmur</c>: MurmurHash2.</summary>
    Murmur,

    /// <summary><c>jenkins</c>: lookup3.</summary>
    Jenkins,
}
