using System.Buffers.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Http;

/// <summary>Finds the end of a body that comes in chunks, and takes it out of them.</summary>
public static class ChunkedBody
{
    private const int LongestLine = 256; // bytes of a size and its extensions
    private const int MostTrailers = 4096; // bytes; they are read and left aside
    private const int MostDigits = 8;
    private const int SpareFraming = 16 * 1024;

    /// <summary>Looks for the end of the body.</summary>
    /// <param name="bytes">All bytes behind the head so far; may go beyond the body.</param>
    /// <param name="scan">What earlier calls with fewer bytes found.</param>
    /// <param name="limit">Most bytes of the body; of what frames its chunks, a little more.</param>
    /// <param name="length">Complete: bytes of the body as it came, its end included.</param>
    /// <param name="status">Error: 400, or 413 for a body above the limit.</param>
    public static ScanStatus Scan(ReadOnlySpan<byte> bytes, ref ChunkScan scan, long limit, out int length, out int status)
    {
        length = 0;
        status = 400;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[Math.Min(scan.Next, bytes.Length)..];
            int end = rest.IndexOf("\r\n"u8);
            if (end < 0 || end > LongestLine)
            {
                bool isTooLong = rest.Length > LongestLine + 1;
                return isTooLong || rest[..Math.Max(0, rest.Length - 1)].Contains((byte)'\r') ? ScanStatus.Error : ScanStatus.NeedMore;
            }

            if (rest[..end].ContainsAny((byte)'\n', (byte)'\r'))
            {
                return ScanStatus.Error;
            }

            if (scan.IsInTrailers)
            {
                scan.Next += end + 2;
                scan.Trailers += end;
                if (end == 0)
                {
                    length = scan.Next;
                    return ScanStatus.Complete;
                }

                if (scan.Trailers > MostTrailers)
                {
                    return ScanStatus.Error;
                }

                continue;
            }

            if (!TryReadSize(rest[..end], out long size))
            {
                return ScanStatus.Error;
            }

            if (size > limit - scan.Bytes)
            {
                status = 413;
                return ScanStatus.Error;
            }

            if (size == 0)
            {
                scan.IsInTrailers = true;
                scan.Next += end + 2;
                continue;
            }

            long behind = end + 2 + size;
            if (rest.Length < behind + 2)
            {
                return rest.Length > behind && rest[(int)behind] != '\r' ? ScanStatus.Error : ScanStatus.NeedMore;
            }

            if (rest[(int)behind] != '\r' || rest[(int)behind + 1] != '\n')
            {
                return ScanStatus.Error;
            }

            scan.Bytes += size;
            scan.Next += (int)behind + 2;
            if (scan.Next - scan.Bytes > limit + SpareFraming)
            {
                status = 413; // chunks of a byte with long extensions would need hundreds of times the limit
                return ScanStatus.Error;
            }
        }
    }

    /// <summary>Takes the body out of its chunks.</summary>
    /// <param name="bytes">What <see cref="Scan"/> found to be complete.</param>
    /// <param name="body">Room for it; as long as <paramref name="bytes"/> is enough.</param>
    /// <returns>Bytes of the body.</returns>
    public static int Decode(ReadOnlySpan<byte> bytes, Span<byte> body)
    {
        int length = 0;
        while (true)
        {
            int end = bytes.IndexOf("\r\n"u8);
            if (!TryReadSize(bytes[..end], out long size) || size == 0)
            {
                return length;
            }

            bytes.Slice(end + 2, (int)size).CopyTo(body[length..]);
            length += (int)size;
            bytes = bytes[(end + 2 + (int)size + 2)..];
        }
    }

    /// <summary>Hexadecimal digits, and perhaps extensions behind a semicolon.</summary>
    private static bool TryReadSize(ReadOnlySpan<byte> line, out long size)
    {
        int semicolon = line.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = (semicolon < 0 ? line : line[..semicolon]).TrimEnd(" \t"u8);
        size = 0;
        return digits.Length is > 0 and <= MostDigits && Utf8Parser.TryParse(digits, out size, out int used, 'x') && used == digits.Length;
    }
}
