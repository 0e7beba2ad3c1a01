using System.Text;

namespace Keyway.Protocol.Tests.Hashing;

public sealed class HashTagTests
{
    [Theory]
    [InlineData("{}", "{user}:name", "user")]
    [InlineData("{}", "a{b}c", "b")]
    [InlineData("{}", "{}x", "{}x")]
    [InlineData("{}", "}{", "}{")]
    [InlineData("{}", "}a{b}", "b")]
    [InlineData("{}", "{open", "{open")]
    [InlineData("{}", "close}", "close}")]
    [InlineData("{}", "{{n}}", "{n")]
    [InlineData("{}", "{a}{b}", "a")]
    [InlineData("{}", "x{}y{z}", "x{}y{z}")]
    [InlineData("{}", "{", "{")]
    [InlineData("{}", "", "")]
    [InlineData("$$", "$a$t", "a")]
    [InlineData("$$", "$$two", "$$two")]
    [InlineData("$$", "x$y", "x$y")]
    public void Effective_Key_IsPartThatCounts(string tag, string key, string expected)
    {
        var effective = new HashTag((byte)tag[0], (byte)tag[1]).Effective(Encoding.UTF8.GetBytes(key));

        Assert.Equal(expected, Encoding.UTF8.GetString(effective));
    }

    [Fact]
    public void Effective_None_IsWholeKey() => Assert.True(HashTag.None.Effective("{a}\0b\0"u8).SequenceEqual("{a}\0b\0"u8));

    [Fact]
    public void Effective_ZeroBytesAsTag_AreATag() => Assert.True(new HashTag(0, 0).Effective("x\0b\0"u8).SequenceEqual("b"u8));
}
