using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Tests.Commands;

public sealed class EarlyWritesTests
{
    [Theory]
    [InlineData("SET k v", true)]
    [InlineData("SET k v EX 10", true)]
    [InlineData("set k v pxat 1900000000000", true)]
    [InlineData("SET k v KEEPTTL", true)]
    [InlineData("SET k v EX 0", false)]
    [InlineData("SET k v EX -1", false)]
    [InlineData("SET k v EX 10 NX", false)]
    [InlineData("SET k v GET", false)]
    [InlineData("SET k v NX", false)]
    [InlineData("SET k v EX 10 KEEPTTL", false)]
    [InlineData("SET k", false)]
    [InlineData("SETEX k 10 v", true)]
    [InlineData("SETEX k 0 v", false)]
    [InlineData("SETEX k ten v", false)]
    [InlineData("SETEX k 99999999999999999999 v", false)]
    [InlineData("PSETEX k 010 v", false)]
    [InlineData("MSET a 1 b 2", true)]
    [InlineData("MSET a 1 b", false)]
    [InlineData("HSET h f v", true)]
    [InlineData("HMSET h f v g", false)]
    [InlineData("SADD s a b", true)]
    [InlineData("SADD s", false)]
    [InlineData("ZADD z 1.5 a -2 b", true)]
    [InlineData("ZADD z CH 1 a", false)]
    [InlineData("ZADD z NX 1 a 2", false)]
    [InlineData("ZADD z 1. a", false)]
    [InlineData("ZADD z x a", false)]
    [InlineData("EXPIRE k -5", true)]
    [InlineData("EXPIRE k 10 NX", false)]
    [InlineData("EXPIRE k 1e3", false)]
    [InlineData("PEXPIREAT k 1900000000000", true)]
    public void IsSound_OnlyWhatNoServerRefuses(string request, bool expected)
    {
        RequestArgs args = new Requests().Parse(request, out byte[] frame);

        Assert.Equal(expected, EarlyWrites.IsSound(Requests.CommandOf(request), frame, args));
    }

    [Fact]
    public void Defaults_AreSmartRelayersList()
    {
        string list = string.Join(' ', EarlyWrites.Defaults.Select(static row => row.Key + row.Value).Order(StringComparer.Ordinal));

        Assert.Equal(
            "expire:1 expireat:1 hmset+OK hset:1 mset+OK pexpire:1 pexpireat:1 psetex+OK sadd:1 set+OK setex+OK zadd:1",
            list);
    }
}
