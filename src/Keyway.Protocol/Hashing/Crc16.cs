using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keyway.Protocol.Hashing;

/// <summary>
/// CRC-16/XMODEM with nutcracker's register, which is 32 bits wide and never cut. The low 16 bits are the standard CRC.
/// </summary>
internal static class Crc16
{
    private const uint Polynomial = 0x1021;

    private static readonly ushort[] Table = MakeTable();
    private static readonly ushort[] Slices = MakeSlices();

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        uint crc = 0;
        foreach (var b in key)
        {
            crc = (crc << 8) ^ Table[((crc >> 8) ^ b) & 0xFF];
        }

        return crc;
    }

    /// <summary>
    /// The standard CRC. Four bytes at a time: what each of them does to the register is looked up by itself, while byte by byte every step waits for
    /// the one before.
    /// </summary>
    internal static uint Standard(ReadOnlySpan<byte> key)
    {
        ref ushort slices = ref MemoryMarshal.GetArrayDataReference(Slices);
        uint crc = 0;
        while (key.Length >= 4)
        {
            uint mixed = (crc << 16) ^ BinaryPrimitives.ReadUInt32BigEndian(key);
            crc = (uint)(Unsafe.Add(ref slices, 768 + (mixed >> 24)) ^ Unsafe.Add(ref slices, 512 + ((mixed >> 16) & 0xFF))
                ^ Unsafe.Add(ref slices, 256 + ((mixed >> 8) & 0xFF)) ^ Unsafe.Add(ref slices, mixed & 0xFF));
            key = key[4..];
        }

        foreach (byte b in key)
        {
            crc = ((crc << 8) & 0xFFFF) ^ Unsafe.Add(ref slices, (crc >> 8) ^ b);
        }

        return crc;
    }

    /// <summary>Four tables behind each other: what a byte leaves in the register when 0, 1, 2 or 3 bytes of zeros follow it.</summary>
    private static ushort[] MakeSlices()
    {
        ushort[] table = MakeTable();
        ushort[] slices = new ushort[4 * table.Length];
        table.CopyTo(slices, 0);
        for (int i = table.Length; i < slices.Length; i++)
        {
            ushort before = slices[i - table.Length];
            slices[i] = (ushort)((before << 8) ^ table[before >> 8]);
        }

        return slices;
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
