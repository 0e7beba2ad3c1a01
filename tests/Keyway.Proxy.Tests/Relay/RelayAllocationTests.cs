using Keyway.Proxy.Tests.Rig;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Relay;

/// <summary>Once warm, a record allocates nothing on the reactor's thread.</summary>
public sealed class RelayAllocationTests
{
    private const int Rounds = 200;
    private const int Windows = 20; // a collection that another test brings about counts as an allocation: one window of many is free of it

    [Theory]
    [InlineData("SET key value<>")]
    [InlineData("SADD key a b c")]
    [InlineData("HSET key f2 1 f1 2 f3 3 f0 4")]
    [InlineData("XADD key * f v")]
    [InlineData("RAWSET {}")]
    [InlineData("PUBLISH key m")]
    public void Record_Warm_AllocatesNothing(string request)
    {
        using ProxyRig rig = RelayRig.Create(new ScriptedSpool { IsForgetful = true });
        RigClient client = rig.Connect();
        byte[] requests = [.. Enumerable.Repeat(RespClient.Encode(request.Split(' ')), 16).SelectMany(static each => each)];
        byte[] replies = new byte[64 * 1024];
        long least = long.MaxValue;
        for (int window = 0; window < Windows && least > 0; window++)
        {
            long before = rig.Allocated;
            for (int i = 0; i < Rounds; i++)
            {
                Assert.True(client.TrySend(requests));
                rig.Settle();
                Assert.NotEqual(0, client.Receive(replies));
            }

            least = Math.Min(least, rig.Allocated - before);
        }

        Assert.Equal(0, least);
    }
}
