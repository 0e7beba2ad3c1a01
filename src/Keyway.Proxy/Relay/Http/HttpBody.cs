using System.IO.Compression;
using Keyway.Protocol.Http;

namespace Keyway.Proxy.Relay.Http;

/// <summary>The scratch in which bodies are taken out of chunks and inflated. One for each pool and reactor.</summary>
internal sealed class HttpBody
{
    private const int MostKept = 1 << 20; // bytes of scratch that stay warm
    private const int FirstRoom = 16 * 1024;

    // .NET's stream takes data that were cut off for whole. So something follows the body, which comes out behind it only if the body has its end.
    private static readonly byte[] End = [0x5A, 0xC3, 0x17, 0x9E, 0x68, 0xF1, 0x04, 0xBD, 0x73, 0x2C, 0xD9, 0x86, 0x4F, 0xE5, 0x31, 0xA8];
    private static readonly byte[] CompressedEnd = Compress(End);

    private byte[] _whole = [];
    private byte[] _inflated = [];

    /// <summary>The body of these chunks.</summary>
    internal ReadOnlySpan<byte> FromChunks(ReadOnlySpan<byte> chunks)
    {
        Ensure(ref _whole, chunks.Length + CompressedEnd.Length);
        return _whole.AsSpan(0, ChunkedBody.Decode(chunks, _whole));
    }

    /// <summary>Inflates a body.</summary>
    /// <param name="gzip">The body; it may be what <see cref="FromChunks"/> gave.</param>
    /// <param name="limit">Most bytes that may come of it: a few can become a thousand times as many.</param>
    /// <param name="body">What came of it.</param>
    /// <returns>0, or the status with which the request is refused.</returns>
    internal int Inflate(ReadOnlySpan<byte> gzip, long limit, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (gzip.IsEmpty || !gzip.Overlaps(_whole))
        {
            Ensure(ref _whole, gzip.Length + CompressedEnd.Length);
            gzip.CopyTo(_whole);
        }

        CompressedEnd.CopyTo(_whole, gzip.Length);
        long most = limit + End.Length;
        Ensure(ref _inflated, FirstRoom);
        int length = 0;
        try
        {
            using GZipStream stream = new(new MemoryStream(_whole, 0, gzip.Length + CompressedEnd.Length, writable: false), CompressionMode.Decompress);
            for (int read = -1; read != 0;)
            {
                if (length == _inflated.Length)
                {
                    Array.Resize(ref _inflated, (int)Math.Min((long)length * 2, most + 1));
                }

                read = stream.Read(_inflated, length, _inflated.Length - length);
                length += read;
                if (length > most)
                {
                    return 413;
                }
            }
        }
        catch (InvalidDataException)
        {
            return 400;
        }

        if (!_inflated.AsSpan(0, length).EndsWith(End))
        {
            return 400;
        }

        body = _inflated.AsSpan(0, length - End.Length);
        return 0;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static void Ensure(ref byte[] scratch, int length)
    {
        if (scratch.Length < length || scratch.Length > MostKept)
        {
            scratch = new byte[length];
        }
    }
}
