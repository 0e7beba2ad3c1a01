using System.Text;
using Keyway.Net.Buffers;
using Keyway.Proxy.Compression;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Compression;

public sealed class ReplyDecompressorTests
{
    private static readonly string Long = new('v', 300);

    private readonly ValueCodec _codec = new(new CompressionConfig { Method = CompressionMethod.Brotli }, 1 << 20, new PoolCounters());

    [Theory]
    [InlineData("V")]
    [InlineData("$-1~")]
    [InlineData("$0~~")]
    [InlineData("$1~x~")]
    [InlineData("$3~abc~")]
    [InlineData("$4~abcd~")]
    [InlineData("$6~\u00F5KWbxy~")] // the mark, and nothing that follows it
    [InlineData("+OK~")]
    [InlineData("-WRONGTYPE Operation against a key holding the wrong kind of value~")]
    [InlineData(":123456~")]
    [InlineData("_~")]
    [InlineData("*3~V$-1~V")]
    [InlineData("*2~$1~0~*4~$1~f~V$1~g~$1~h~")]
    [InlineData("%2~$1~f~V+g~V")]
    [InlineData("*2~*2~V:1~*1~V")]
    [InlineData("=7~txt:abc~")]
    [InlineData("!5~ERR x~")]
    [InlineData(",1.5~")]
    [InlineData("*0~")]
    public void Reply_InAnyPieces_HasItsValuesDecompressed(string reply)
    {
        byte[] stored = _codec.Encode(Encoding.Latin1.GetBytes(Long)).ToArray();
        byte[] bytes = Latin(reply.Replace("V", $"${stored.Length}~{Encoding.Latin1.GetString(stored)}~", StringComparison.Ordinal));
        byte[] expected = Latin(reply.Replace("V", $"${Long.Length}~{Long}~", StringComparison.Ordinal));
        ReplyDecompressor decompressor = new(_codec);
        foreach (IReadOnlyList<byte[]> pieces in Splits.Of(bytes))
        {
            Assert.Equal(expected, Pass(decompressor, pieces));
        }
    }

    [Fact]
    public void ManyLongValuesInOnePiece_AreGivenOneByOne()
    {
        byte[] value = new byte[1 << 20];
        byte[] stored = _codec.Encode(value).ToArray();
        byte[] one = [.. Latin($"${stored.Length}~"), .. stored, .. Latin("~")];
        byte[] piece = [.. Latin("*50~"), .. Enumerable.Repeat(one, 50).SelectMany(static bytes => bytes)];
        OutputBuffer output = new(new BufferPool());
        ReplyDecompressor decompressor = new(_codec);

        int taken = decompressor.Push(piece, output);

        Assert.Equal("*50~".Length + 1 + one.Length, taken);
        Assert.InRange(output.Length, value.Length, value.Length + 100);
    }

    [Fact]
    public void LongestValue_ThatBeginsWithTheMark_ComesBack()
    {
        byte[] value = new byte[_codec.MostBytes];
        new Random(11).NextBytes(value);
        (value[0], value[1], value[2], value[3]) = (0xF5, (byte)'K', (byte)'W', (byte)'p');
        byte[] stored = _codec.Encode(value).ToArray();
        Assert.True(stored.Length > value.Length);

        byte[] reply = Pass(new ReplyDecompressor(_codec), [[.. Latin($"${stored.Length}~"), .. stored, .. Latin("~")]]);

        Assert.Equal([.. Latin($"${value.Length}~"), .. value, .. Latin("~")], reply);
    }

    [Fact]
    public void Reset_ForgetsHalfAReply()
    {
        byte[] stored = _codec.Encode(Encoding.Latin1.GetBytes(Long)).ToArray();
        ReplyDecompressor decompressor = new(_codec);
        Pass(decompressor, [[.. Latin($"${stored.Length}~"), .. stored[..10]]]);

        decompressor.Reset();

        Assert.Equal("+OK\r\n"u8.ToArray(), Pass(decompressor, ["+OK\r\n"u8.ToArray()]));
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text.Replace("~", "\r\n", StringComparison.Ordinal));

    private static byte[] Pass(ReplyDecompressor decompressor, IReadOnlyList<byte[]> pieces)
    {
        OutputBuffer output = new(new BufferPool());
        List<byte> all = [];
        foreach (byte[] piece in pieces)
        {
            for (int taken = 0; taken < piece.Length;)
            {
                taken += decompressor.Push(piece.AsSpan(taken), output);
                byte[] part = new byte[output.Length];
                output.CopyTo(part);
                output.Clear();
                all.AddRange(part);
            }
        }

        return [.. all];
    }
}
