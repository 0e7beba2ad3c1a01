using System.Buffers.Binary;
using System.IO.Compression;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Compression;

/// <summary>Compresses values for their servers and decompresses them for the clients. A reactor has one for each pool that compresses; what it returns is good until its next call.</summary>
internal sealed class ValueCodec(CompressionConfig config, long mostBytes, PoolCounters counters)
{
    // The lowest quality of either: it takes most of what can be had, and the reactor's other clients wait meanwhile.
    private const int BrotliQuality = 1;
    private const int BrotliWindow = 22;
    private const int FirstRoom = 16 * 1024;
    private const int KeptRoom = 1 << 20;
    private const int QuietValues = 256;

    private readonly bool _withRelayers = config.Decompress == Decompression.Relayer;
    private byte[] _room = [];
    private int _quiet;

    /// <summary>The longest value that is compressed, and that is decompressed, in bytes.</summary>
    internal int MostBytes { get; } = (int)Math.Min(mostBytes, Array.MaxLength / 2);

    /// <summary>True if a value would not reach the server as it stands, as far as that is known before it is compressed.</summary>
    internal bool Concerns(ReadOnlySpan<byte> value) =>
        value.Length <= MostBytes && ((config.Method != CompressionMethod.None && value.Length >= config.Min) || LooksCompressed(value));

    /// <summary>True if a value that begins so may have to be decompressed.</summary>
    internal bool LooksCompressed(ReadOnlySpan<byte> start) => StoredValue.IsOwn(start) || (_withRelayers && StoredValue.IsRelayers(start));

    /// <summary>The value as the server is to have it.</summary>
    internal ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> value)
    {
        Begin(value.Length);
        MakeRoom(StoredValue.HeaderSize + value.Length);
        if (config.Method != CompressionMethod.None && value.Length >= config.Min && Compress(value) is > 0 and var compressed)
        {
            counters.ValuesCompressed++;
            return Stored(config.Method == CompressionMethod.Gzip ? ValueForm.Gzip : ValueForm.Brotli, value.Length, compressed);
        }

        if (!LooksCompressed(value))
        {
            return value;
        }

        // Otherwise it would be taken for one of Keyway's own, or smart-relayer's, when it is read.
        value.CopyTo(_room.AsSpan(StoredValue.HeaderSize));
        return Stored(ValueForm.Plain, value.Length, value.Length);
    }

    /// <summary>The value as its client wrote it; false if it is to be passed on as it stands.</summary>
    /// <param name="bytes">What holds it.</param>
    /// <param name="count">How many of them, from the first, are the value as its server has it.</param>
    /// <param name="value">The value.</param>
    internal bool TryDecode(byte[] bytes, int count, out ReadOnlySpan<byte> value)
    {
        value = default;
        ReadOnlySpan<byte> whole = bytes.AsSpan(0, count);
        if (!StoredValue.TryRead(whole, _withRelayers, out StoredValue stored))
        {
            return false;
        }

        Begin(Math.Max(count, stored.Length));
        int length = Decompress(stored, bytes, out int used);
        ReadOnlySpan<byte> appended = whole[(stored.Start + used)..];
        if (length < 0 || (stored.Length >= 0 && length != stored.Length) || length + (long)appended.Length > MostBytes)
        {
            counters.ValuesUnreadable++;
            return false;
        }

        MakeRoom(length + appended.Length);
        appended.CopyTo(_room.AsSpan(length));
        counters.ValuesDecompressed++;
        value = _room.AsSpan(0, length + appended.Length);
        return true;
    }

    private ReadOnlySpan<byte> Stored(ValueForm form, int length, int compressed)
    {
        new StoredValue { Form = form, Length = length, Compressed = compressed }.WriteHeader(_room);
        return _room.AsSpan(0, StoredValue.HeaderSize + compressed);
    }

    /// <summary>Compresses behind where the header will be; returns the bytes that took, 0 if nothing would be gained.</summary>
    private int Compress(ReadOnlySpan<byte> value)
    {
        Span<byte> target = _room.AsSpan(StoredValue.HeaderSize, Math.Max(0, value.Length - StoredValue.HeaderSize - 1));
        if (config.Method == CompressionMethod.Brotli)
        {
            return BrotliEncoder.TryCompress(value, target, out int written, BrotliQuality, BrotliWindow) ? written : 0;
        }

        using BoundedStream bounded = new(_room, StoredValue.HeaderSize, target.Length);
        using (GZipStream gzip = new(bounded, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(value);
        }

        return bounded.IsExceeded ? 0 : bounded.Written;
    }

    /// <summary>Decompresses to the beginning of the room; -1 if the bytes are damaged, or become too many.</summary>
    /// <param name="stored">The value's form.</param>
    /// <param name="bytes">The value as its server has it.</param>
    /// <param name="used">How many of the compressed bytes it took; what is behind them was appended.</param>
    private int Decompress(in StoredValue stored, byte[] bytes, out int used)
    {
        used = stored.Compressed;
        ReadOnlySpan<byte> compressed = bytes.AsSpan(stored.Start, stored.Compressed);
        switch (stored.Form)
        {
            case ValueForm.Plain:
                MakeRoom(compressed.Length);
                compressed.CopyTo(_room);
                return compressed.Length;
            case ValueForm.Snappy:
                return Unsnap(compressed, out used);
            case ValueForm.Gzip or ValueForm.Brotli:
                try
                {
                    using MemoryStream source = new(bytes, stored.Start, stored.Compressed, writable: false);
                    using Stream stream = stored.Form == ValueForm.Gzip
                        ? new GZipStream(source, CompressionMode.Decompress)
                        : new BrotliStream(source, CompressionMode.Decompress);
                    int length = ReadAll(stream);
                    used = stored.Length < 0 && length >= 0 ? EndOfGzip(compressed, _room.AsSpan(0, length)) : used;
                    return length;
                }
                catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
                {
                    return -1;
                }

            default:
                return -1;
        }
    }

    /// <summary>Where a gzip stream ends that nothing tells the length of. What is behind it .NET passes over without a word.</summary>
    private static int EndOfGzip(ReadOnlySpan<byte> gzip, ReadOnlySpan<byte> value)
    {
        Span<byte> trailer = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, KeyHash.Compute(HashKind.Crc32a, value));
        BinaryPrimitives.WriteInt32LittleEndian(trailer[sizeof(uint)..], value.Length);
        int at = gzip.IndexOf(trailer);
        return at < 0 ? gzip.Length : at + trailer.Length; // several streams, which are one value, have several
    }

    private int Unsnap(ReadOnlySpan<byte> block, out int used)
    {
        used = 0;
        if (!SnappyBlock.TryReadLength(block, out int length, out _) || length > MostBytes)
        {
            return -1;
        }

        MakeRoom(length);
        return SnappyBlock.TryDecompress(block, _room.AsSpan(0, length), out used) ? length : -1;
    }

    /// <summary>Room grows with what has really come: a few bytes can claim to be gigabytes.</summary>
    private int ReadAll(Stream stream)
    {
        int length = 0;
        MakeRoom(FirstRoom);
        while (true)
        {
            int read = stream.Read(_room, length, _room.Length - length);
            length += read;
            if (read == 0)
            {
                return length;
            }

            if (length > MostBytes)
            {
                return -1;
            }

            if (length == _room.Length)
            {
                Array.Resize(ref _room, 2 * length);
            }
        }
    }

    private void MakeRoom(int bytes)
    {
        if (bytes > _room.Length)
        {
            Array.Resize(ref _room, Math.Max(bytes, FirstRoom));
        }
    }

    /// <summary>What a giant value took is given back when none has come for a while.</summary>
    private void Begin(int bytes)
    {
        _quiet = bytes > KeptRoom ? 0 : _quiet + 1;
        if (_room.Length > KeptRoom && _quiet > QuietValues)
        {
            _room = [];
        }
    }
}
