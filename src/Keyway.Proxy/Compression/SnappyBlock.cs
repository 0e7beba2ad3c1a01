using System.Buffers.Binary;

namespace Keyway.Proxy.Compression;

/// <summary>Reads the block format of Snappy: the length as a varint, then literals and copies (google/snappy, format_description.txt).</summary>
internal static class SnappyBlock
{
    private const int MostLengthBytes = 5;

    /// <summary>How long the decompressed bytes are to be; false if that cannot be read.</summary>
    internal static bool TryReadLength(ReadOnlySpan<byte> block, out int length, out int headerSize)
    {
        ulong value = 0;
        length = 0;
        for (headerSize = 0; headerSize < Math.Min(MostLengthBytes, block.Length);)
        {
            byte part = block[headerSize];
            value |= (ulong)(part & 0x7F) << (7 * headerSize);
            headerSize++;
            if (part < 0x80)
            {
                length = (int)Math.Min(value, int.MaxValue);
                return value <= int.MaxValue;
            }
        }

        return false;
    }

    /// <summary>Decompresses the block; false if it is damaged, or does not fill <paramref name="target"/> exactly.</summary>
    /// <param name="block">The block, and perhaps more behind it.</param>
    /// <param name="target">As long as the block says.</param>
    /// <param name="at">Where the block ends.</param>
    internal static bool TryDecompress(ReadOnlySpan<byte> block, Span<byte> target, out int at)
    {
        if (!TryReadLength(block, out int length, out at) || length != target.Length)
        {
            return false;
        }

        int done = 0;
        while (done < length && at < block.Length)
        {
            int tag = block[at++];
            bool isGood = (tag & 3) == 0
                ? TryLiteral(block, tag >> 2, ref at, target, ref done)
                : TryReadCopy(block, tag, ref at, out int offset, out int count) && TryCopy(target, offset, count, ref done);
            if (!isGood)
            {
                return false;
            }
        }

        return done == length;
    }

    /// <summary>Up to 60 bytes, or as many as the 1 to 4 bytes behind the tag say.</summary>
    private static bool TryLiteral(ReadOnlySpan<byte> block, int size, ref int at, Span<byte> target, ref int done)
    {
        long count = size + 1L;
        if (size >= 60)
        {
            int bytes = size - 59;
            if (block.Length - at < bytes)
            {
                return false;
            }

            Span<byte> number = stackalloc byte[sizeof(uint)];
            number.Clear();
            block.Slice(at, bytes).CopyTo(number);
            count = BinaryPrimitives.ReadUInt32LittleEndian(number) + 1L;
            at += bytes;
        }

        if (count > block.Length - at || count > target.Length - done)
        {
            return false;
        }

        block.Slice(at, (int)count).CopyTo(target[done..]);
        at += (int)count;
        done += (int)count;
        return true;
    }

    private static bool TryReadCopy(ReadOnlySpan<byte> block, int tag, ref int at, out int offset, out int count)
    {
        int bytes = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
        (offset, count) = (0, 0);
        if (block.Length - at < bytes)
        {
            return false;
        }

        count = bytes == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
        uint distance = bytes switch
        {
            1 => (uint)((tag >> 5) << 8) | block[at],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(block[at..]),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(block[at..]),
        };
        at += bytes;
        offset = (int)Math.Min(distance, int.MaxValue);
        return true;
    }

    /// <summary>A copy may reach into what it writes itself: that is how a run is told.</summary>
    private static bool TryCopy(Span<byte> target, int offset, int count, ref int done)
    {
        if (offset == 0 || offset > done || count > target.Length - done)
        {
            return false;
        }

        for (int end = done + count; done < end; done++)
        {
            target[done] = target[done - offset];
        }

        return true;
    }
}
