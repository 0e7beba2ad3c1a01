using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Smart;

public sealed class SmartJournalTests
{
    [Fact]
    public void Answer_ComesWhenTheDiskHasTheWrite_InItsPlace()
    {
        ScriptedJournal journal = new();
        using ProxyRig rig = Smart(journal);
        RigClient client = rig.Connect();

        client.Ask("SET a 1", "PING", "SET a 2");

        Assert.Equal("", client.Replies());
        Assert.Equal(2, journal.Pending);
        Assert.Equal(["SET a 1", "SET a 2"], rig.Server.Last.Requests());
        journal.Settle();
        Assert.Equal("+OK~+PONG~+OK~", client.Replies());
        rig.Server.Last.SendText("+OK~+OK~");
        rig.Settle();
        Assert.Equal(0, journal.Pending);
    }

    [Fact]
    public void FailedDisk_IsAnErrorForTheClient()
    {
        ScriptedJournal journal = new();
        using ProxyRig rig = Smart(journal);
        RigClient client = rig.Connect();

        client.Ask("SET a 1");
        journal.Settle("the disk is full");

        Assert.Equal("-ERR the journal could not keep the write, outcome unknown (the disk is full)~", client.Replies());
    }

    [Theory]
    [InlineData(WriteResult.Refused, WhenFull.Wait, "-ERR no room")]
    [InlineData(WriteResult.Full, WhenFull.Error, "-ERR no room")]
    [InlineData(WriteResult.Full, WhenFull.DropNewest, "+OK~")]
    [InlineData(WriteResult.Full, WhenFull.Wait, "")]
    [InlineData(WriteResult.Busy, WhenFull.Error, "")]
    public void FullJournal_DoesWhatThePoolSays(WriteResult result, WhenFull whenFull, string reply)
    {
        ScriptedJournal journal = new() { Result = result };
        using ProxyRig rig = Smart(journal, smart => smart with { WhenFull = whenFull });
        RigClient client = rig.Connect();
        client.Ask("SET a 1");
        Assert.StartsWith(reply, client.Replies(), StringComparison.Ordinal);
        if (reply.Length > 0)
        {
            return;
        }

        journal.Result = WriteResult.Taken;
        rig.Advance(100);
        journal.Settle();

        Assert.Equal("+OK~", client.Replies());
    }

    [Fact]
    public void ClientGone_BeforeItsAnswer_LeavesNothingBehind()
    {
        ScriptedJournal journal = new();
        using ProxyRig rig = Smart(journal);
        RigClient client = rig.Connect();
        client.Ask("SET a 1");
        rig.Settle();

        client.Dispose();
        rig.Settle();
        journal.Settle();
        rig.Settle();
        rig.Server.Last.SendText("+OK~");
        rig.Settle();

        Assert.Equal(0, journal.Pending);
        Assert.Equal(1, rig.State.Counters.EarlyDelivered);
    }

    [Fact]
    public void WhatAnEarlierProcessLeft_GoesFirst_OnAllReactors()
    {
        ScriptedJournal journal = new();
        using (ProxyRig before = Smart(journal))
        {
            RigClient client = before.Connect();
            before.Server.Stop();
            client.Ask("SELECT 0", "SET a 1", "SET a 2");
            journal.Settle();
            Assert.Equal("+OK~+OK~+OK~", client.Replies());
        }

        journal.Restart();
        using ProxyRig rig = Smart(journal, reactors: 2);
        rig.Settle();
        RigClient[] clients = [rig.Connect(0), rig.Connect(1)];
        clients[0].Ask("SET a 3");
        clients[1].Ask("SET b 4");
        rig.Settle();
        journal.Settle();
        rig.Advance(100);
        Assert.Equal("+OK~", clients[1].Replies());
        Assert.Equal(["SET a 1", "SET a 2", "SET a 3"], rig.Server.Last.Requests());

        rig.Server.Last.SendText("+OK~+OK~+OK~");
        rig.Settle();
        rig.Advance(100);

        Assert.Equal(["SET b 4"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~");
        rig.Settle();
        Assert.Equal(0, journal.Pending);
    }

    private static ProxyRig Smart(ScriptedJournal journal, Func<SmartConfig, SmartConfig>? change = null, int reactors = 1) =>
        new(
            1,
            config => config with
            {
                Mode = PoolMode.Smart,
                Smart = (change?.Invoke(config.Smart) ?? config.Smart) with { Acknowledge = Acknowledgement.Disk, JournalDir = "unused" },
            },
            reactors,
            journal: journal);
}
