using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;
using Keyway.Proxy.Tests.Smart;

namespace Keyway.Proxy.Tests.Memcached;

public sealed class SmartMemcachedTests
{
    private const string Settings = "stats settings~";

    [Fact]
    public void Writes_AreAnsweredAtOnce_AndDelivered()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Say("set a 5 60 1~x~delete b~touch c 10~");

        Assert.Equal("STORED~DELETED~TOUCHED~", client.Replies());
        Assert.Equal("set a 5 60 1~x~delete b~touch c 10~", Sent(rig));
        rig.Server.Last.SendText("STORED~NOT_FOUND~TOUCHED~");
        rig.Settle();
        Assert.Equal("", client.Replies());
        Assert.Equal((3, 3, 0), Counts(rig));
        Assert.Equal(0, rig.State.Smart!.Pending);
    }

    [Theory]
    [InlineData("add a 0 0 1~x~")]
    [InlineData("append a 0 0 1~x~")]
    [InlineData("cas a 0 0 1 7~x~")]
    [InlineData("incr a 1~")]
    [InlineData("get a~")]
    public void WhatDependsOnTheItem_WaitsForTheServer(string request)
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Say(request);

        Assert.Equal("", client.Replies());
        Assert.Equal(request, Sent(rig));
        rig.Server.Last.SendText("SERVER_ERROR x~");
        Assert.Equal("SERVER_ERROR x~", client.Replies());
    }

    [Theory]
    [InlineData("ms a 1~x~", "HD~")]
    [InlineData("md a~", "HD~")]
    public void MetaCommands_WaitForTheServer(string request, string reply)
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Say(request);

        Assert.Equal("", client.Replies());
        Assert.Equal(request, Sent(rig));
        rig.Server.Last.SendText(reply);
        Assert.Equal(reply, client.Replies());
    }

    [Fact]
    public void Early_ChangesTheList()
    {
        using ProxyRig rig = Smart(static smart => smart with { Early = ["+add", "-touch"] });
        RigClient client = rig.Connect();

        client.Say("add a 0 0 1~x~touch a 1~");

        Assert.Equal("STORED~", client.Replies());
        Sent(rig);
        rig.Server.Last.SendText("NOT_STORED~NOT_FOUND~");
        Assert.Equal("NOT_FOUND~", client.Replies());
        Assert.Equal(1, rig.State.Smart!.GivenUp["NOT_STORED"]);
        Assert.Contains("add was answered, and refused by the server: NOT_STORED", rig.Log, StringComparison.Ordinal);
        Assert.Contains("key=a", rig.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set~", "ERROR~")]
    [InlineData("set a 0 0~", "ERROR~")]
    [InlineData("set a x 0 1~", "CLIENT_ERROR bad command line format~")]
    [InlineData("set a 0 0 1~xyz~", "CLIENT_ERROR bad data chunk~")]
    [InlineData("touch a x~", "CLIENT_ERROR invalid exptime argument~")]
    public void MalformedWrites_GetTheirError_AndAreNotSent(string request, string reply)
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Say(request);

        Assert.StartsWith(reply, client.Replies(), StringComparison.Ordinal);
        Assert.Equal(0, rig.State.Counters.EarlyWrites);
    }

    [Fact]
    public void Replies_KeepTheirOrder_BehindAGet_AndNoreplyHasNone()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Say("get a~set b 0 0 1~x~set c 0 0 1 noreply~y~get b~");

        Assert.Equal("", client.Replies());
        Assert.Equal("get a~set b 0 0 1~x~set c 0 0 1~y~get b~", Sent(rig));
        rig.Server.Last.SendText("END~STORED~STORED~VALUE b 0 1~x~END~");
        Assert.Equal("END~STORED~VALUE b 0 1~x~END~", client.Replies());
        Assert.Equal((2, 2, 0), Counts(rig));
    }

    [Fact]
    public void ValueThatTheServerMayRefuse_IsNotAnsweredEarly()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();
        string value = new('x', 1500);
        string large = $"set a 0 0 1500~{value}~";

        // Nobody has said yet what the server takes.
        client.Say(large);
        Assert.Equal("", client.Replies());
        Assert.Equal(large, Sent(rig, "STAT maxbytes 1~STAT item_size_max 2048~END~"));
        rig.Server.Last.SendText("STORED~");
        Assert.Equal("STORED~", client.Replies());

        client.Say(large);
        Assert.Equal("STORED~", client.Replies());
        client.Say($"set a 0 0 2040~{new string('x', 2040)}~");
        Assert.Equal("", client.Replies());
        rig.Server.Last.SendText("STORED~SERVER_ERROR object too large for cache~");
        Assert.Equal("SERVER_ERROR object too large for cache~", client.Replies());
        Assert.Equal((1, 1, 0), Counts(rig));
    }

    [Fact]
    public void ServerThatTellsNoLimit_TakesSmallValuesEarly()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Say($"set a 0 0 500~{new string('x', 500)}~");
        Assert.Equal("STORED~", client.Replies());
        Sent(rig, "ERROR~");
        client.Say($"set a 0 0 1000~{new string('x', 1000)}~");

        Assert.Equal("", client.Replies());
    }

    [Fact]
    public void LostConnection_RepeatsWhatIsSafe_InOrder_AndReportsTheRest()
    {
        using ProxyRig rig = Smart(static smart => smart with { Early = ["+append"] });
        RigClient client = rig.Connect();
        client.Say("set a 0 0 1~x~append a 0 0 1~y~delete b~");
        Assert.Equal("STORED~STORED~DELETED~", client.Replies());
        Assert.NotEmpty(Sent(rig));

        rig.Server.Last.Dispose();
        rig.Settle();
        rig.Advance(100);

        Assert.Equal("set a 0 0 1~x~delete b~", Sent(rig));
        rig.Server.Last.SendText("STORED~DELETED~");
        rig.Settle();
        Assert.Equal((3, 2, 0), Counts(rig));
        Assert.Equal(1, rig.State.Counters.EarlyUncertain);
    }

    [Fact]
    public void GetAfterBacklog_WaitsForItsOwnWrites()
    {
        using ProxyRig rig = Smart(limits: static limits => limits with { ServerRequests = 1 });
        RigClient client = rig.Connect();
        client.Say("set a 0 0 1~1~set a 0 0 1~2~get a~get b~");
        Assert.Equal("STORED~STORED~", client.Replies());
        Assert.Equal("set a 0 0 1~1~", Sent(rig));

        rig.Server.Last.SendText("STORED~");
        rig.Settle();
        Assert.StartsWith("set a 0 0 1~2~get a", rig.Server.Last.ReceiveText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_AreCountedByReason()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();
        client.Say("set a 0 0 1~x~touch b 1~set c 0 0 1~x~");
        Sent(rig);
        rig.Server.Last.SendText("SERVER_ERROR out of memory storing object~NOT_FOUND~SERVER_ERROR object too large for cache~");
        rig.Settle();

        Assert.Equal(["NOT_FOUND", "OUT_OF_MEMORY", "TOO_LARGE"], rig.State.Smart!.GivenUp.Keys.Order());
        client.Replies();
        client.Say("stats~");
        string stats = client.Replies();
        Assert.Contains("STAT keyway_early_writes 3~", stats, StringComparison.Ordinal);
        Assert.Contains("STAT keyway_early_given_up_out_of_memory 1~", stats, StringComparison.Ordinal);
    }

    [Fact]
    public void WithAJournal_TheAnswerComesWhenTheDiskHasIt_AndANewProcessDelivers()
    {
        ScriptedJournal journal = new();
        using (ProxyRig before = Smart(journal: journal))
        {
            RigClient client = before.Connect();
            before.Server.Stop();
            client.Say("set a 0 0 1~x~set  b 0 0 1 noreply~y~delete c~");
            Assert.Equal("", client.Replies());
            journal.Settle();
            Assert.Equal("STORED~DELETED~", client.Replies());
            Assert.Equal(3, journal.Pending);
        }

        journal.Restart();
        using ProxyRig rig = Smart(journal: journal);
        rig.Settle();
        rig.Advance(100);
        Assert.Equal("set a 0 0 1~x~set b 0 0 1~y~delete c~", Sent(rig));
        rig.Server.Last.SendText("STORED~STORED~DELETED~");
        rig.Settle();
        Assert.Equal(0, journal.Pending);
    }

    [Fact]
    public void FailedDisk_IsAnErrorForTheClient()
    {
        ScriptedJournal journal = new();
        using ProxyRig rig = Smart(journal: journal);
        RigClient client = rig.Connect();

        client.Say("set a 0 0 1~x~");
        journal.Settle("the disk is full");

        Assert.Equal("SERVER_ERROR the journal could not keep the write, outcome unknown (the disk is full)~", client.Replies());
    }

    [Fact]
    public void OnceWarm_NothingIsAllocated()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();
        client.Say("set a 0 0 1~x~");
        Sent(rig);
        rig.Server.Last.SendText("STORED~");
        client.Replies();
        long least = long.MaxValue;
        for (int round = 0; round < 200; round++)
        {
            long before = rig.Allocated;
            client.Say("set a 0 0 1~x~delete a~set  b 0 0 1 noreply~y~");
            rig.Server.Last.SendText("STORED~DELETED~STORED~");
            rig.Settle();
            Assert.Equal("STORED~DELETED~", client.Replies());
            least = Math.Min(least, rig.Allocated - before);
        }

        Assert.Equal(0, least);
    }

    /// <summary>What the server has been sent, once it has answered the question that opens the connection.</summary>
    private static string Sent(ProxyRig rig, string settings = "STAT item_size_max 1048576~END~")
    {
        string question = rig.Server.Last.ReceiveText();
        Assert.Equal(Settings, question);
        rig.Server.Last.SendText(settings);
        rig.Settle();
        return rig.Server.Last.ReceiveText();
    }

    private static (long Writes, long Delivered, long Refused) Counts(ProxyRig rig) =>
        (rig.State.Counters.EarlyWrites, rig.State.Counters.EarlyDelivered, rig.State.Counters.EarlyRefused);

    private static ProxyRig Smart(
        Func<SmartConfig, SmartConfig>? change = null, Func<LimitsConfig, LimitsConfig>? limits = null, ScriptedJournal? journal = null) =>
        new(
            1,
            config => config with
            {
                Protocol = PoolProtocol.Memcached,
                Mode = PoolMode.Smart,
                Smart = (change?.Invoke(config.Smart) ?? config.Smart) with { Acknowledge = journal is null ? Acknowledgement.Memory : Acknowledgement.Disk },
                Limits = limits?.Invoke(config.Limits) ?? config.Limits,
            },
            journal: journal);
}
