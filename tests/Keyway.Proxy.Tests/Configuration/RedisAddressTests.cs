using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("redis://cache", "cache", 6379, null, null, 0)]
    [InlineData("redis://:p%40ss@cache:7000/3", "cache", 7000, null, "p@ss", 3)]
    [InlineData("redis://me:secret@[::1]:7000/", "::1", 7000, "me", "secret", 0)]
    public void Parse_OfAnAddress_HasItsParts(string text, string host, int port, string? user, string? password, int database)
    {
        RedisAddress address = RedisAddress.Parse(new Uri(text))!;

        Assert.Equal((host, port, user, password, database), (address.Host, address.Port, address.User, address.Password, address.Database));
        Assert.Equal($"{host}:{port}", address.ToString());
    }

    [Fact]
    public void Parse_OfAUnixSocket_HasItsPath() => Assert.Equal("/run/redis.sock", RedisAddress.Parse(new Uri("unix:///run/redis.sock"))!.UnixPath);

    [Theory]
    [InlineData("http://cache")]
    [InlineData("redis://cache/x")]
    [InlineData("redis:///0")]
    [InlineData("rediss://cache")]
    [InlineData("redis://cache?db=3")]
    [InlineData("unix://")]
    [InlineData("unix://run/redis.sock")]
    [InlineData("unix:///run/redis.sock?db=3")]
    public void Parse_OfAnythingElse_IsNull(string text) => Assert.Null(RedisAddress.Parse(new Uri(text, UriKind.RelativeOrAbsolute)));
}
