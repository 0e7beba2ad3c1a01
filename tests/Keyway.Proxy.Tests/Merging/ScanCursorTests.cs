using System.Text;
using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class ScanCursorTests
{
    [Theory]
    [InlineData(1, 0, 77, 77)]
    [InlineData(2, 1, 0, 1)]
    [InlineData(2, 1, 3, 7)]
    [InlineData(3, 2, 1, 6)]
    [InlineData(4, 3, 1, 7)]
    [InlineData(5, 4, 1, 12)]
    public void TryEncode_Cursor_ServerInTheLowBits(int servers, int server, ulong position, ulong expected)
    {
        Assert.True(new ScanCursor(server, position).TryEncode(servers, out var number));
        Assert.Equal(expected, number);
        Assert.True(ScanCursor.TryParse(Encoding.ASCII.GetBytes($"{number}"), servers, out var parsed));
        Assert.Equal(new ScanCursor(server, position), parsed);
    }

    [Fact]
    public void TryEncode_TooLarge_Refused()
    {
        Assert.True(new ScanCursor(1, ulong.MaxValue >> 2).TryEncode(4, out _));
        Assert.False(new ScanCursor(1, (ulong.MaxValue >> 2) + 1).TryEncode(4, out _));
        Assert.True(new ScanCursor(0, ulong.MaxValue).TryEncode(1, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.0")]
    [InlineData("18446744073709551616")]
    [InlineData("3")]
    public void TryParse_NoCursor_Refused(string text) => Assert.False(ScanCursor.TryParse(Encoding.ASCII.GetBytes(text), 3, out _));

    [Fact]
    public void TryParse_Zero_IsTheBeginning()
    {
        Assert.True(ScanCursor.TryParse("0"u8, 5, out var cursor));
        Assert.Equal(default, cursor);
    }

    [Fact]
    public void After_WholeScan_VisitsEveryServerAndEnds()
    {
        var cursor = default(ScanCursor);
        List<ScanCursor> visited = [];
        do
        {
            visited.Add(cursor);
            var answered = cursor.Position == 0 ? 9UL : 0UL;
            Assert.True(cursor.After(answered, 3).TryEncode(3, out var number));
            Assert.True(ScanCursor.TryParse(Encoding.ASCII.GetBytes($"{number}"), 3, out cursor));
        }
        while (cursor != default);

        Assert.Equal([new(0, 0), new(0, 9), new(1, 0), new(1, 9), new(2, 0), new(2, 9)], visited);
    }
}
