namespace Keyway.Protocol.Hashing;

/// <summary>
/// CRC-16/XMODEM with nutcracker's register, which is 32 bits wide and never cut. The low 16 bits are the standard CRC.
/// </summary>
internal static class Crc16
{
    private const uint Polynomial = 0x1021;

    private static readonly ushort[] Table = MakeTable();

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        uint crc = 0;
        foreach (var b in key)
        {
            crc = (crc << 8) ^ Table[((crc >> 8) ^ b) & 0xFF];
        }

        return crc;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (uint value = 0; value < table.Length; value++)
        {
            var crc = value << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ Polynomial;
            }

            table[value] = (ushort)crc;
        }

        return table;
    }
}
