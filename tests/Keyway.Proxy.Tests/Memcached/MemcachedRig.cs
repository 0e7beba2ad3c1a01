using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Memcached;

/// <summary>Pools that speak memcached.</summary>
internal static class MemcachedRig
{
    public static ProxyRig Create(int servers = 1, Func<PoolConfig, PoolConfig>? change = null) =>
        new(servers, config => (change ?? (static same => same))(config with { Protocol = PoolProtocol.Memcached }));

    /// <summary>What the client is told when the only server answers so.</summary>
    public static string Exchange(this ProxyRig rig, RigClient client, string request, string forwarded, string reply)
    {
        client.Say(request);
        Assert.Equal(forwarded, rig.Server.Last.ReceiveText());
        rig.Server.Last.SendText(reply);
        return client.Replies();
    }
}
