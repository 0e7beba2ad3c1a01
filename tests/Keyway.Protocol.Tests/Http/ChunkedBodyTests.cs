using System.Globalization;
using System.Text;
using Keyway.Protocol.Http;

namespace Keyway.Protocol.Tests.Http;

public sealed class ChunkedBodyTests
{
    [Fact]
    public void Body_InAnyChunksAndPieces_IsFoundAndTakenOut()
    {
        Random random = new(5);
        for (int round = 0; round < 200; round++)
        {
            byte[] body = new byte[random.Next(200)];
            random.NextBytes(body);
            byte[] wire = [.. Chunked(body, random), .. "behind"u8];
            ChunkScan scan = default;
            int length = 0;
            for (int have = 0; length == 0; have += random.Next(1, 20))
            {
                ScanStatus status = ChunkedBody.Scan(wire.AsSpan(0, Math.Min(have, wire.Length)), ref scan, limit: 200, out length, out _);
                Assert.NotEqual(ScanStatus.Error, status);
            }

            Assert.Equal(wire.Length - 6, length);
            byte[] decoded = new byte[length];
            Assert.Equal(body, decoded[..ChunkedBody.Decode(wire.AsSpan(0, length), decoded)]);
        }
    }

    [Fact]
    public void RandomBytes_NeverGoBeyondTheLimit()
    {
        Random random = new(6);
        byte[] alphabet = "0123456789abcdef\r\n\r\n;= "u8.ToArray();
        for (int round = 0; round < 5000; round++)
        {
            byte[] wire = random.GetItems(alphabet, random.Next(60));
            ChunkScan scan = default;
            if (ChunkedBody.Scan(wire, ref scan, limit: 10, out int length, out int status) == ScanStatus.Complete)
            {
                Assert.InRange(ChunkedBody.Decode(wire.AsSpan(0, length), new byte[length]), 0, 10);
            }
            else
            {
                Assert.True(status is 400 or 413);
            }
        }
    }

    [Theory]
    [InlineData("b\r\n", 413)]
    [InlineData("ffffffff\r\n", 413)]
    [InlineData("fffffffff\r\n", 400)]
    [InlineData("\r\n", 400)]
    [InlineData("1 2\r\n", 400)]
    [InlineData("0x1\r\n", 400)]
    [InlineData("1\r\nab\r\n", 400)]
    [InlineData("1\rx", 400)]
    public void Size_ThatIsWrong_IsRefused(string wire, int expected)
    {
        ChunkScan scan = default;

        Assert.Equal(ScanStatus.Error, ChunkedBody.Scan(Encoding.Latin1.GetBytes(wire), ref scan, limit: 10, out _, out int status));
        Assert.Equal(expected, status);
    }

    private static byte[] Chunked(byte[] body, Random random)
    {
        StringBuilder text = new();
        for (int at = 0; at < body.Length;)
        {
            int size = random.Next(1, body.Length - at + 1);
            text.Append(size.ToString(random.Next(2) == 0 ? "x" : "X4", CultureInfo.InvariantCulture)).Append(random.Next(3) == 0 ? ";a=b" : "").Append("\r\n");
            text.Append(Encoding.Latin1.GetString(body, at, size)).Append("\r\n");
            at += size;
        }

        return Encoding.Latin1.GetBytes(text.Append("0\r\n").Append(random.Next(2) == 0 ? "A: b\r\n" : "").Append("\r\n").ToString());
    }

    [Fact]
    public void ExtensionsAboveTheLimit_AreRefused_BeforeTheBodyEnds()
    {
        byte[] wire = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1;" + new string('x', 200) + "\r\na\r\n", 200)));
        ChunkScan scan = default;

        Assert.Equal(ScanStatus.Error, ChunkedBody.Scan(wire, ref scan, limit: 1000, out _, out int status));
        Assert.Equal(413, status);
    }
}
