using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

public sealed class ConfigAccessTests
{
    private static readonly string[] Commands = ["CONFIG GET maxmemory", "CONFIG SET maxmemory 1", "CONFIG RESETSTAT", "CONFIG REWRITE"];

    [Theory]
    [InlineData(ConfigAccess.Refuse, 0)]
    [InlineData(ConfigAccess.Get, 1)]
    [InlineData(ConfigAccess.All, 4)]
    public void Config_ByAccess_IsPassedOrRefused(ConfigAccess access, int passed)
    {
        using ProxyRig rig = new(change: config => config with { ConfigAccess = access });
        RigClient client = rig.Connect();

        client.Ask([.. Commands, "GET key"]);

        Assert.Equal([.. Commands.Take(passed), "GET key"], rig.Server.Last.Requests());
        Assert.Equal(4 - passed, rig.State.Counters.FailuresOf(FailureKind.NotOffered));
    }

    [Fact]
    public void Config_OfSeveralServers_IsReadOnOneAndWrittenOnAll()
    {
        using ProxyRig rig = new(servers: 2, change: config => config with { ConfigAccess = ConfigAccess.All });
        RigClient client = rig.Connect();

        client.Ask(Commands);

        Assert.Equal(Commands, rig.Servers[0].Last.Requests());
        Assert.Equal(Commands[1..], rig.Servers[1].Last.Requests());
    }
}
