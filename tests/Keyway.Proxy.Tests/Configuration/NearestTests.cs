using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration;

public sealed class NearestTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("same", "same", 0)]
    public void Distance_OfTwoWords_CountsEdits(string a, string b, int distance) => Assert.Equal(distance, Nearest.Distance(a, b));

    [Theory]
    [InlineData("fnv1a64", "fnv1a_64")]
    [InlineData("fnv1a-64", "fnv1a_64")]
    [InlineData("fnv164", "fnv1_64")]
    public void To_TwoAsNear_SuggestsTheOneOfTheSameLetters(string name, string expected) =>
        Assert.Equal(expected, Nearest.To(name, ["fnv1_64", "fnv1a_64"]));

    [Theory]
    [InlineData("severs", "servers")]
    [InlineData("server_connection", "server_connections")]
    [InlineData("sentinels", null)]
    public void To_SlipOrStranger_SuggestsOnlyForASlip(string name, string? expected) =>
        Assert.Equal(expected, Nearest.To(name, ["listen", "servers", "server_connections"]));
}
