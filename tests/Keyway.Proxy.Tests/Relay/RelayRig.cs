using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Relay;

/// <summary>Pools with <c>protocol: firehose</c>; it is 2026-01-01, 1767225600000 ms since 1970.</summary>
internal static class RelayRig
{
    public static ProxyRig Create(ScriptedSpool spool, Func<RelayConfig, RelayConfig>? change = null, Func<PoolConfig, PoolConfig>? pool = null) =>
        new(
            servers: 0,
            config => (pool ?? (static same => same))(config with
            {
                Protocol = PoolProtocol.Firehose,
                Relay = (change ?? (static same => same))(config.Relay),
            }),
            spool: spool);

    /// <summary>What a client is told that says this, words between blanks and requests between semicolons.</summary>
    public static string Tell(this ProxyRig rig, string requests)
    {
        RigClient client = rig.Connect();
        client.Ask(requests.Split("; "));
        return client.Replies();
    }
}
