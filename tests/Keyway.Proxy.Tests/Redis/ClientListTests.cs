using System.Text.RegularExpressions;
using Keyway.Proxy.Redis;
using Keyway.Proxy.Tests.Rig;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Redis;

public sealed partial class ClientListTests
{
    [Fact]
    public void List_OfTwoReactors_ComesInItsPlaceOfTheOrder()
    {
        using ProxyRig rig = new(reactors: 2);
        RigClient one = rig.Connect();
        RigClient two = rig.Connect(reactor: 1);
        two.Ask("CLIENT SETNAME two");
        rig.Settle();

        one.Ask("ECHO before", "CLIENT LIST", "ECHO after");
        rig.Settle();

        string text = one.ReceiveText();
        Assert.Matches("^\\$6~before~\\$[0-9]+~id=[^\n]* cmd=client\\|list [^\n]*\nid=[^\n]* name=two [^\n]* cmd=client\\|setname [^\n]*\n~\\$5~after~$", text);
    }

    [Fact]
    public void Kill_OfAClientThatLeavesMeanwhile_CountsWhatWasThere()
    {
        using ProxyRig rig = new(reactors: 2);
        RigClient killer = rig.Connect();
        RigClient victim = rig.Connect(reactor: 1);

        victim.Dispose();
        killer.Ask("CLIENT KILL TYPE normal", "CLIENT KILL TYPE normal");

        Assert.Matches("^:[01]~:0~$", killer.ReceiveText());
        Assert.Equal(0, rig.States[1].Counters.Clients);
    }

    [Fact]
    public void List_OfAnAskerThatLeaves_IsDropped()
    {
        using ProxyRig rig = new(reactors: 2);
        RigClient asker = rig.Connect();
        RigClient stays = rig.Connect();

        Assert.True(asker.TrySend(RespClient.Encode("CLIENT", "LIST")));
        rig.Turn();
        asker.Dispose();
        rig.Settle();
        stays.Ask("CLIENT LIST");
        rig.Settle();

        Assert.Single(IdField().Matches(stays.ReceiveText()));
    }

    [Fact]
    public void Unblock_OfAClientThatWaits_EndsItsWaitOnItsReactor()
    {
        using ProxyRig rig = new(reactors: 2);
        RigClient asker = rig.Connect();
        RigClient waiting = rig.Connect(reactor: 1);
        Assert.NotNull(waiting);
        RedisClient client = Assert.IsType<RedisClient>(Assert.Single(rig.States[1].Clients));
        List<bool> unblocked = [];

        asker.Ask($"CLIENT UNBLOCK {client.Number}");
        rig.Settle();
        client.Unblock = unblocked.Add;
        asker.Ask($"CLIENT UNBLOCK {client.Number}", $"CLIENT UNBLOCK {client.Number} error", $"CLIENT UNBLOCK {client.Number + 1000}");
        rig.Settle();

        Assert.Equal(":0~:1~:1~:0~", asker.ReceiveText());
        Assert.Equal([false, true], unblocked);
    }

    [GeneratedRegex("(^|[~\n])id=")]
    private static partial Regex IdField();
}
