namespace Keyway.Protocol.Hashing;

/// <summary>CRC-32 (ISO 3309, reflected), whole and as libmemcached's old clients cut it.</summary>
internal static class Crc32
{
    private const uint ReflectedPolynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        var crc = uint.MaxValue;
        foreach (var b in key)
        {
            crc = (crc >> 8) ^ Table[(crc ^ b) & 0xFF];
        }

        return ~crc;
    }

    /// <summary>15 bits of it. On a ketama ring they all lie before the first point or two, so nearly every key has one server.</summary>
    internal static uint LegacyHash(ReadOnlySpan<byte> key) => (Hash(key) >> 16) & 0x7FFF;

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint value = 0; value < table.Length; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ ReflectedPolynomial;
            }

            table[value] = crc;
        }

        return table;
    }
}
