using System.Text;
using Keyway.Proxy.Memory;

namespace Keyway.Proxy.Tests.Memory;

public sealed class ExtendedFloatTests
{
    // The sums are those of redis-server 7.0.15 on x86-64.
    [Theory]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("1234567.1", "0", "1234567.10000000000002274")]
    [InlineData("3000", "17179869184.123456789", "17179872184.12345678918063641")]
    [InlineData("-0.0", "0", "0")]
    [InlineData(".5", "+5.", "5.5")]
    [InlineData("1e20", "1", "100000000000000000000")]
    [InlineData("-1e-30", "0", "0")]
    public void Sum_IsRoundedAsRedisDoes(string left, string right, string sum)
    {
        Assert.True(ExtendedFloat.TryParse(Encoding.ASCII.GetBytes(left), out ExtendedFloat a));
        Assert.True(ExtendedFloat.TryParse(Encoding.ASCII.GetBytes(right), out ExtendedFloat b));
        Assert.Equal(sum, (a + b).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1e99999999")]
    [InlineData("1e5000")]
    [InlineData("1e-5000")]
    [InlineData("nan")]
    [InlineData("1,5")]
    public void TryParse_NoNumber_IsRefused(string text) => Assert.False(ExtendedFloat.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
