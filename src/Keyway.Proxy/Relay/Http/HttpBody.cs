using System.IO.Compression;
using Keyway.Protocol.Http;

namespace Keyway.Proxy.Relay.Http;

/// <summary>The scratch in which bodies are taken out of chunks and inflated. One for each pool and reactor.</summary>
internal sealed class HttpBody
{
    private const int MostKept = 1 << 20; // bytes of scratch that stay warm
    private const int FirstRoom = 16 * 1024;

    private byte[] _whole = [];
    private byte[] _inflated = [];

    /// <summary>The body of these chunks.</summary>
    internal ReadOnlySpan<byte> FromChunks(ReadOnlySpan<byte> chunks)
    {
        Ensure(ref _whole, chunks.Length);
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
        byte[] source = _whole;
        if (!gzip.Overlaps(_whole))
        {
            Ensure(ref _whole, gzip.Length);
            source = _whole;
            gzip.CopyTo(source);
        }

        Ensure(ref _inflated, FirstRoom);
        int length = 0;
        try
        {
            using GZipStream stream = new(new MemoryStream(source, 0, gzip.Length, writable: false), CompressionMode.Decompress);
            for (int read = -1; read != 0;)
            {
                if (length == _inflated.Length)
                {
                    Array.Resize(ref _inflated, (int)Math.Min((long)length * 2, limit + 1));
                }

                read = stream.Read(_inflated, length, _inflated.Length - length);
                length += read;
                if (length > limit)
                {
                    return 413;
                }
            }
        }
        catch (InvalidDataException)
        {
            return 400;
        }

        body = _inflated.AsSpan(0, length);
        return 0;
    }

    private static void Ensure(ref byte[] scratch, int length)
    {
        if (scratch.Length < length || scratch.Length > MostKept)
        {
            scratch = new byte[length];
        }
    }
}
