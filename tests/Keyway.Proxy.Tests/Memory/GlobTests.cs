using System.Text;
using Keyway.Proxy.Memory;

namespace Keyway.Proxy.Tests.Memory;

public sealed class GlobTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("**", "abc", true)]
    [InlineData("?", "", false)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("*a*b", "xaxaxb", true)]
    [InlineData("h[ae]llo", "hello", true)]
    [InlineData("h[^e]llo", "hello", false)]
    [InlineData("h[a-c]llo", "hbllo", true)]
    [InlineData("h[c-a]llo", "hbllo", true)]
    [InlineData("h[\\]x]i", "h]i", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("[abc", "b", true)]
    [InlineData("[a-", "-", true)]
    [InlineData("[]", "a", false)]
    [InlineData("[^]", "a", true)]
    [InlineData("[", "a", false)]
    [InlineData("A", "a", false)]
    public void IsMatch_Pattern_AsRedis(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.IsMatch(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void IsMatch_ManyStars_EndsSoon()
    {
        byte[] pattern = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("a*", 2000)) + "b");
        byte[] text = Encoding.Latin1.GetBytes(new string('a', 10_000));
        Assert.False(Glob.IsMatch(pattern, text));
    }
}
