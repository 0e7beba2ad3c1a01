using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Commands that concern every node, and those that any node can answer.</summary>
public sealed class AllNodesTests
{
    [Theory]
    [InlineData("DBSIZE", ":1~", ":3~")]
    [InlineData("KEYS k", "*1~$1~k~", "*3~$1~k~$1~k~$1~k~")]
    [InlineData("FLUSHALL", "+OK~", "+OK~")]
    [InlineData("SCRIPT LOAD script", "$3~sha~", "$3~sha~")]
    public void CommandForAllNodes_WhenSlotsHaveMovedUnnoticed_ReachesTheNodeThatHasThem(string command, string part, string reply)
    {
        using SlotRig rig = new((_, _) => part, map: SlotRig.Shards(0, 0, 1));
        rig.Map = SlotRig.Shards(0, 1, 2);

        Assert.Equal(reply, rig.Ask(command));
        Assert.Equal([$"0:{command}", $"1:{command}", $"2:{command}"], rig.Seen.Order());
    }

    [Fact]
    public void CommandsForAllNodes_OfManyClients_AreOneQuestionForTheMap()
    {
        using SlotRig rig = new(static (_, _) => ":1~");
        RigClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => rig.Rig.Connect())];
        rig.Serve();
        int before = rig.Questions;

        Array.ForEach(clients, static client => client.Ask("DBSIZE"));
        rig.Serve();

        Assert.All(clients, static client => Assert.Equal(":3~", client.Replies()));
        Assert.InRange(rig.Questions - before, 1, 2);
    }

    [Fact]
    public void CommandForAllNodes_WhenNoNodeTellsTheMap_GoesByTheKnownOne()
    {
        using SlotRig rig = new(static (_, _) => ":1~");
        rig.IsTelling = false;

        Assert.Equal(":3~+PONG~", rig.Ask("DBSIZE", "PING"));
    }

    [Fact]
    public void CommandForAllNodes_OfAClientThatLeavesBeforeTheMapIsTold_IsDropped()
    {
        using SlotRig rig = new(static (_, _) => ":1~");
        rig.Client.Ask("DBSIZE");
        rig.Client.Dispose();

        rig.Serve();

        Assert.Equal(0, rig.Rig.State.ClientCount);
    }

    [Theory]
    [InlineData("EVAL_RO script 0")]
    [InlineData("ROLE")]
    [InlineData("FUNCTION LIST")]
    public void ReadWithoutKeys_WhoseConnectionIsLost_IsRepeated(string command)
    {
        bool isAnswering = false;
        using SlotRig rig = new((_, _) => isAnswering ? "$1~v~" : null);
        Assert.Equal("", rig.Ask(command));
        isAnswering = true;

        rig.Rig.Servers[0].Last.Dispose();

        Assert.Equal("$1~v~", rig.Serve() + rig.Pass(100));
    }

    [Fact]
    public void ReadWithoutKeys_WhoseNodeDies_GoesToAnother()
    {
        using SlotRig rig = new(static (node, _) => node == 0 ? null : $":{node}~");
        Assert.Equal("", rig.Ask("ROLE"));

        rig.Rig.Servers[0].Stop();
        rig.Rig.Servers[0].Last.Dispose();

        Assert.Equal(":1~", rig.Serve() + rig.Pass(300));
    }

    [Fact]
    public void Message_WhoseNodeIsDown_GoesToAnother()
    {
        using SlotRig rig = new(static (node, _) => $":{node}~");
        string channel = rig.KeyOn(1);
        Assert.Equal(":1~", rig.Ask($"PUBLISH {channel} 1"));

        rig.Rig.Servers[1].Stop();
        rig.Rig.Settle();

        Assert.Equal(":0~", rig.Ask($"PUBLISH {channel} 2") + rig.Pass(300));
    }

    [Fact]
    public void MessageOfAShardChannel_WhoseNodeIsDown_WaitsForItsSuccessor()
    {
        using SlotRig rig = new(static (node, _) => $":{node}~");
        string channel = rig.KeyOn(1);
        Assert.Equal(":1~", rig.Ask($"SPUBLISH {channel} 1"));

        rig.Rig.Servers[1].Stop();
        rig.Rig.Settle();

        Assert.Equal("", rig.Ask($"SPUBLISH {channel} 2") + rig.Pass(300));
        rig.Map = SlotRig.Shards(0, 2, 2);
        Assert.Equal(":2~", rig.Pass(300));
    }

    [Theory]
    [InlineData("LMPOP 3 list LEFT")]
    [InlineData("ZUNIONSTORE dest x key")]
    [InlineData("EVAL script -1")]
    [InlineData("SORT list STORE")]
    public void RequestWhoseKeysCannotBeFound_IsRefusedInANodesWords(string request)
    {
        using SlotRig rig = new(static (_, _) => "-ERR in its own words~");

        Assert.Equal("-ERR in its own words~", rig.Ask(request));
    }

    [Fact]
    public void ScriptWithoutKeys_WhoseConnectionIsLost_IsTold()
    {
        using SlotRig rig = new(static (_, _) => null);
        Assert.Equal("", rig.Ask("EVAL script 0"));

        rig.Rig.Servers[0].Last.Dispose();

        Assert.Contains("outcome unknown", rig.Serve() + rig.Pass(100), StringComparison.Ordinal);
    }

    [Fact]
    public void CommandWithoutKeys_WhenItsNodeIsAway_GoesToAnother()
    {
        using SlotRig rig = new(static (node, _) => $":{node}~");
        rig.Rig.Servers[0].Stop();
        rig.Rig.Settle();

        string reply = rig.Ask("EVAL script 0");

        Assert.Equal(":1~", reply + rig.Pass(300));
    }
}
