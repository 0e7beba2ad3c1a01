using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Smart;

public sealed class SmartModeTests
{
    [Fact]
    public void Writes_AreAnsweredAtOnce_AndDelivered()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Ask("SET a 1", "SADD s m", "EXPIRE a 10");

        Assert.Equal("+OK~:1~:1~", client.Replies());
        Assert.Equal(["SET a 1", "SADD s m", "EXPIRE a 10"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~:0~:0~");
        rig.Settle();
        Assert.Equal("", client.Replies());
        Assert.Equal((3, 3, 0), Counts(rig));
        Assert.Equal(0, rig.State.Smart!.Pending);
    }

    [Fact]
    public void Replies_KeepTheirOrder_BehindARead()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Ask("GET a", "SET b 1", "GET b");

        Assert.Equal("", client.Replies());
        Assert.Equal(["GET a", "SET b 1", "GET b"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("$-1~+OK~$1~1~");
        Assert.Equal("$-1~+OK~$1~1~", client.Replies());
    }

    [Theory]
    [InlineData("SET a 1 NX")]
    [InlineData("SET a")]
    [InlineData("INCR a")]
    [InlineData("ZADD z x m")]
    [InlineData("LPUSH l 1")]
    public void OtherWrites_WaitForTheServer(string request)
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Ask(request);

        Assert.Equal("", client.Replies());
        rig.Server.Last.SendText("-ERR x~");
        Assert.Equal("-ERR x~", client.Replies());
    }

    [Fact]
    public void Early_ChangesTheList()
    {
        using ProxyRig rig = Smart(static smart => smart with { Early = ["+setnx=:1", "-sadd"] });
        RigClient client = rig.Connect();

        client.Ask("SETNX a 1", "SADD s m");

        Assert.Equal(":1~", client.Replies());
        rig.Server.Last.SendText(":0~:7~");
        Assert.Equal(":7~", client.Replies());
    }

    [Fact]
    public void Refusals_AreCountedByReasonAndLoggedWithTheirKey()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();
        client.Ask("HSET text f v");

        rig.Server.Last.SendText("-WRONGTYPE Operation against a key~");
        rig.Settle();

        Assert.Equal(":1~", client.Replies());
        Assert.Equal((1, 0, 1), Counts(rig));
        Assert.Equal(1, rig.State.Smart!.GivenUp["WRONGTYPE"]);
        Assert.Contains("key=text", rig.Log, StringComparison.Ordinal);
        Assert.Contains("HSET was answered, and refused by the server: WRONGTYPE", rig.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void InMulti_NothingIsEarly()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();

        client.Ask("MULTI", "SET a 1", "EXEC");

        Assert.Equal("+OK~+QUEUED~", client.Replies());
        rig.Server.Last.SendText("+OK~+QUEUED~*1~+OK~");
        Assert.Equal("*1~+OK~", client.Replies());
    }

    [Fact]
    public void ServerAway_WritesWaitInOrder_AndReadsFail()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();
        rig.Server.Stop();
        client.Ask("SET a 1", "SET a 2");
        rig.Advance(100);
        rig.Advance(100);
        client.Ask("SET b 3");
        Assert.Equal("+OK~+OK~+OK~", client.Replies());
        client.Ask("GET a");
        Assert.StartsWith("-ERR server s0 is down", client.Replies(), StringComparison.Ordinal);

        rig.Server.Start();
        rig.Advance(1008);
        rig.Server.Last.SendText("+PONG~");
        rig.Settle();

        Assert.Equal(["SET a 1", "SET a 2", "SET b 3"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~+OK~+OK~");
        rig.Settle();
        Assert.Equal((3, 3, 0), Counts(rig));
    }

    [Fact]
    public void LostConnection_RepeatsWhatIsSafe_InOrder_AndReportsTheRest()
    {
        using ProxyRig rig = Smart(static smart => smart with { Early = ["+incr=:1"] });
        RigClient client = rig.Connect();
        client.Ask("SET a 1", "INCR n", "SET a 2");
        Assert.Equal("+OK~:1~+OK~", client.Replies());
        Assert.Equal(3, rig.Server.Last.Requests().Length);

        rig.Server.Last.Dispose();
        rig.Settle();
        rig.Advance(100);

        Assert.Equal(["SET a 1", "SET a 2"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~+OK~");
        rig.Settle();
        Assert.Equal((3, 2, 0), Counts(rig));
        Assert.Equal(1, rig.State.Counters.EarlyUncertain);
        Assert.Contains("INCR was answered, and its connection lost", rig.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_IsTriedAgain()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();
        client.Ask("SET a 1", "SET a 2");
        Assert.Equal(2, rig.Server.Last.Requests().Length);

        rig.Server.Last.SendText("-LOADING Redis is loading the dataset in memory~");
        rig.Settle();
        rig.Advance(100);

        Assert.Equal(["SET a 1", "SET a 2"], rig.Server.Last.Requests());
    }

    [Fact]
    public void ReadAfterBacklog_WaitsForItsOwnWrites()
    {
        using ProxyRig rig = Smart(limits: static limits => limits with { ServerRequests = 1 });
        RigClient writer = rig.Connect();
        RigClient other = rig.Connect();
        writer.Ask("SET a 1", "SET a 2", "GET a");
        Assert.Equal("+OK~+OK~", writer.Replies());
        Assert.Equal(["SET a 1"], rig.Server.Last.Requests());

        rig.Server.Last.SendText("+OK~");
        rig.Settle();
        Assert.Equal(["SET a 2", "GET a"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~$1~2~");
        Assert.Equal("$1~2~", writer.Replies());
        other.Ask("GET a");
        Assert.Equal(["GET a"], rig.Server.Last.Requests());
    }

    [Fact]
    public void Renewal_OfAConnectionThatIsLost_KeepsTheOrder()
    {
        const int Age = 60_000;
        using ProxyRig rig = new(1, static config => config with { Mode = PoolMode.Smart, ConnectionMaxAge = TimeSpan.FromMilliseconds(Age), Timeout = null });
        RigClient client = rig.Connect();
        client.Ask("SET a 1");
        RigServerConnection old = rig.Server.Last;
        Assert.Equal(["SET a 1"], old.Requests());
        rig.Advance(Age + 8);
        client.Ask("SET a 2");
        RigServerConnection fresh = rig.Server.Last;
        Assert.NotSame(old, fresh);

        old.Dispose();
        rig.Settle();
        rig.Advance(100);

        Assert.Equal([], fresh.Requests());
        Assert.Equal(["SET a 1", "SET a 2"], rig.Server.Last.Requests());
    }

    [Fact]
    public void OnceWarm_NothingIsAllocated()
    {
        using ProxyRig rig = Smart();
        RigClient client = rig.Connect();
        Send(100);

        Assert.Equal(0, Allocations.Least(() => rig.Allocated, () => Send(5)));

        void Send(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                client.Ask("SET a 1", "SADD s m", "MSET a 1 b 2");
                rig.Server.Last.SendText("+OK~:1~+OK~");
                rig.Settle();
                Assert.Equal("+OK~:1~+OK~", client.Replies());
            }
        }
    }

    [Fact]
    public void Mset_OfSeveralServers_GoesInParts()
    {
        using ProxyRig rig = Smart(servers: 2);
        RigClient client = rig.Connect();
        (string a, string b) = (rig.KeyOn(0), rig.KeyOn(1));

        client.Ask($"MSET {a} 1 {b} 2");

        Assert.Equal("+OK~", client.Replies());
        Assert.Equal([$"MSET {a} 1"], rig.Servers[0].Last.Requests());
        Assert.Equal([$"MSET {b} 2"], rig.Servers[1].Last.Requests());
    }

    [Theory]
    [InlineData(WhenFull.Error, "-ERR no room for the write")]
    [InlineData(WhenFull.DropNewest, "+OK~")]
    [InlineData(WhenFull.DropOldest, "+OK~")]
    [InlineData(WhenFull.Wait, "")]
    public void FullBacklog_DoesWhatThePoolSays(WhenFull whenFull, string last)
    {
        using ProxyRig rig = Smart(smart => smart with { MaxBacklog = 400, WhenFull = whenFull });
        RigClient client = rig.Connect();
        rig.Server.Stop();
        client.Ask("SET a 1", "SET a 2", "SET a 3", "SET a 4");
        Assert.Equal("+OK~+OK~+OK~+OK~", client.Replies());

        client.Ask("SET a 5");

        Assert.StartsWith(last, client.Replies(), StringComparison.Ordinal);
        Assert.Equal(4, rig.State.Smart!.Pending);
        Assert.Equal(whenFull is WhenFull.DropNewest or WhenFull.DropOldest ? 1 : 0, rig.State.Counters.EarlyDropped);
    }

    private static (long Writes, long Delivered, long Refused) Counts(ProxyRig rig) =>
        (rig.State.Counters.EarlyWrites, rig.State.Counters.EarlyDelivered, rig.State.Counters.EarlyRefused);

    private static ProxyRig Smart(Func<SmartConfig, SmartConfig>? change = null, int servers = 1, Func<LimitsConfig, LimitsConfig>? limits = null) =>
        new(servers, config => config with
        {
            Mode = PoolMode.Smart,
            Smart = change?.Invoke(config.Smart) ?? config.Smart,
            Limits = limits?.Invoke(config.Limits) ?? config.Limits,
        });
}
