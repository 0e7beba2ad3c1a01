using System.IO.Compression;
using System.Text;
using Keyway.Proxy.Compression;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Tests.Compression;

public sealed class ValueCodecTests
{
    private const int Most = 1 << 20;

    private readonly PoolCounters _counters = new();

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    public void Value_ComesBack(CompressionMethod method)
    {
        ValueCodec codec = Codec(method);
        foreach (int length in new[] { 256, 257, 1000, 65_536, 500_000 })
        {
            byte[] value = Text(length);
            byte[] stored = Encode(codec, value);
            Assert.True(stored.Length < value.Length);
            Assert.Equal(value, Decode(codec, stored));
        }
    }

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    public void WhatGetsNoSmaller_StaysAsItIs(CompressionMethod method)
    {
        byte[] value = new byte[10_000];
        new Random(7).NextBytes(value);

        Assert.Equal(value, Encode(Codec(method), value));
        Assert.Equal(0, _counters.ValuesCompressed);
    }

    [Theory]
    [InlineData(255, false)]
    [InlineData(256, true)]
    [InlineData(Most, true)]
    [InlineData(Most + 1, false)]
    public void OnlyValuesInRange_Concern(int length, bool concerns) => Assert.Equal(concerns, Codec(CompressionMethod.Gzip).Concerns(Text(length)));

    [Fact]
    public void WhatLooksCompressed_IsStoredBehindAMark_AndComesBackAsItWas()
    {
        byte[] gzip = Gzip(Text(1000));
        ValueCodec relayer = Codec(CompressionMethod.None, Decompression.Relayer);
        ValueCodec own = Codec(CompressionMethod.Gzip);
        byte[] nested = Encode(own, Text(1000));
        foreach ((ValueCodec codec, byte[] value) in new[] { (relayer, gzip), (relayer, "$sy$short"u8.ToArray()), (own, nested), (own, [0xF5, (byte)'K', (byte)'W', (byte)'g']) })
        {
            Assert.True(codec.Concerns(value));
            byte[] stored = Encode(codec, value);
            Assert.NotEqual(value, stored);
            Assert.Equal(value, Decode(codec, stored));
        }

        // Without smart-relayer beside it a gzip stream is a value like any other.
        Assert.False(Codec(CompressionMethod.Gzip).Concerns(gzip.AsSpan(0, 200)));
        Assert.Null(Decode(Codec(CompressionMethod.Gzip), gzip));
    }

    [Fact]
    public void WhatSmartRelayerWrote_IsRead_WhateverIsWritten()
    {
        ValueCodec codec = Codec(CompressionMethod.Brotli, Decompression.Relayer);

        Assert.Equal(Text(1000), Decode(codec, Gzip(Text(1000))));
        Assert.Equal("aaaaa"u8.ToArray(), Decode(codec, [.. "$sy$"u8, 0x05, 0x00, (byte)'a', 0x01, 0x01]));
    }

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    public void WhatWasAppended_BelongsToTheValue(CompressionMethod method)
    {
        ValueCodec codec = Codec(method);

        byte[] value = Decode(codec, [.. Encode(codec, Text(1000)), .. "more"u8])!;

        Assert.Equal([.. Text(1000), .. "more"u8], value);
    }

    [Theory]
    [InlineData("more")]
    [InlineData("\0\0\0\0\0\0\0\0\0")]
    [InlineData("$sy$")]
    public void WhatWasAppended_ToAValueOfSmartRelayers_BelongsToIt(string tail)
    {
        ValueCodec codec = Codec(CompressionMethod.None, Decompression.Relayer);
        byte[] more = Encoding.Latin1.GetBytes(tail);

        Assert.Equal([.. Text(1000), .. more], Decode(codec, [.. Gzip(Text(1000)), .. more])!);
        Assert.Equal([.. "aaaaa"u8, .. more], Decode(codec, [.. "$sy$"u8, 0x05, 0x00, (byte)'a', 0x01, 0x01, .. more])!);
        Assert.Equal([.. Text(1000), .. Text(500)], Decode(codec, [.. Gzip(Text(1000)), .. Gzip(Text(500))])!); // streams one behind the other are one
    }

    [Fact]
    public void WhatWasAppended_CountsTowardsTheLimit()
    {
        ValueCodec codec = Codec(CompressionMethod.None, Decompression.Relayer);

        Assert.Null(Decode(codec, [.. Gzip(new byte[Most]), .. "x"u8]));
        Assert.Equal(Most, Decode(codec, [.. Gzip(new byte[Most - 1]), .. "x"u8])!.Length);
    }

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    public void Damaged_AtAnyByte_IsPassedOnOrReadRight(CompressionMethod method)
    {
        ValueCodec codec = Codec(method, Decompression.Relayer);
        byte[] stored = Encode(codec, Text(600));
        for (int i = 0; i < stored.Length; i++)
        {
            // Whatever comes of it, it is no crash; what is cut off is noticed by the lengths.
            byte[] changed = [.. stored];
            changed[i] ^= 0x41;
            Decode(codec, changed);
            Assert.Null(Decode(codec, stored[..i]));
        }

        Assert.True(_counters.ValuesUnreadable > 0);
    }

    [Fact]
    public void Bomb_IsPassedOnAsItStands()
    {
        ValueCodec codec = Codec(CompressionMethod.None, Decompression.Relayer);
        byte[] bomb = Gzip(new byte[Most + 1]);

        Assert.Null(Decode(codec, bomb));
        Assert.Equal(1, _counters.ValuesUnreadable);
        Assert.Equal(new byte[Most], Decode(codec, Gzip(new byte[Most])));
        Assert.Null(Decode(codec, [.. "$sy$"u8, 0xFF, 0xFF, 0xFF, 0x7F, 0x00]));
    }

    [Fact]
    public void HugeLengthInAHeader_TakesNoRoom()
    {
        byte[] stored = Encode(Codec(CompressionMethod.Brotli), Text(1000));
        stored[7] = 0x7F;

        Assert.Null(Decode(Codec(CompressionMethod.Brotli), stored));
    }

    private static byte[] Text(int length) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, (length / 5) + 1).Select(static i => $"{i % 997,5}"))[..length]);

    private static byte[] Gzip(byte[] value)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal))
        {
            gzip.Write(value);
        }

        return stream.ToArray();
    }

    private static byte[] Encode(ValueCodec codec, byte[] value) => codec.Encode(value).ToArray();

    private static byte[]? Decode(ValueCodec codec, byte[] stored) => codec.TryDecode(stored, stored.Length, out ReadOnlySpan<byte> value) ? value.ToArray() : null;

    private ValueCodec Codec(CompressionMethod method, Decompression decompress = Decompression.Auto) =>
        new(new CompressionConfig { Method = method, Decompress = decompress }, Most, _counters);
}
