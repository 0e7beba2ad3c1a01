using Keyway.Proxy.Merging.Info;

namespace Keyway.Proxy.Tests.Merging.Info;

public sealed class InfoNumbersTests
{
    [Theory]
    [InlineData("1", "2", "3")]
    [InlineData("-1", "0.25", "-0.75")]
    [InlineData("18446744073709551614", "18446744073709551614", "36893488147419103228")]
    [InlineData("1", "x", null)]
    [InlineData("", "1", null)]
    [InlineData("1", "99999999999999999999999999999", null)]
    public void Add_Texts_Sum(string left, string right, string? expected) => Assert.Equal(expected, InfoNumbers.Add(left, right));

    [Theory]
    [InlineData("0", "0B")]
    [InlineData("1023", "1023B")]
    [InlineData("1024", "1.00K")]
    [InlineData("1572864", "1.50M")]
    [InlineData("1152921504606846976", "1024.00P")]
    public void Human_Bytes_AsRedisPrints(string bytes, string expected)
    {
        Assert.True(InfoNumbers.TryParse(bytes, out var number));
        Assert.Equal(expected, InfoNumbers.Human(number));
    }
}
