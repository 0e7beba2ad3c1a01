using Keyway.Proxy.Configuration;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Relay;

public sealed class RelayClientTests
{
    [Theory]
    [InlineData("SET k", "-ERR wrong number of arguments for 'set' command~")]
    [InlineData("HSET h f", "-ERR wrong number of arguments for 'hset' command~")]
    [InlineData("HMSET h f v g", "-ERR wrong number of arguments for 'hmset' command~")]
    [InlineData("XADD s * f", "-ERR wrong number of arguments for 'xadd' command~")]
    [InlineData("XADD s * f v g", "-ERR wrong number of arguments for 'xadd' command~")]
    [InlineData("XADD s MAXLEN 5 * f", "-ERR wrong number of arguments for 'xadd' command~")]
    [InlineData("XADD s 1-1 f v", "-ERR XADD takes * as the id here: the time of its record~")]
    [InlineData("SET k v NX", "-ERR SET with NX cannot be a record: a relay keeps no values~")]
    [InlineData("SET k v get", "-ERR SET with GET cannot be a record: a relay keeps no values~")]
    [InlineData("SET k v EX", "-ERR syntax error~")]
    [InlineData("SET k v EX x", "-ERR value is not an integer or out of range~")]
    [InlineData("SET k v PX 0", "-ERR invalid expire time~")]
    [InlineData("SETEX k 0 v", "-ERR invalid expire time~")]
    [InlineData("PSETEX k v 1", "-ERR value is not an integer or out of range~")]
    [InlineData("SET k v EX 1 PX 1", "-ERR syntax error~")]
    [InlineData("RAWSET a b", "-ERR wrong number of arguments for 'rawset' command~")]
    [InlineData("DEL k", "-ERR unknown command 'DEL', with args beginning with: 'k' ~")]
    [InlineData("EXEC", "-ERR EXEC without MULTI~")]
    [InlineData("DISCARD", "-ERR DISCARD without MULTI~")]
    [InlineData("MULTI; MULTI; DISCARD", "+OK~-ERR MULTI calls can not be nested~+OK~")]
    [InlineData("MULTI; SET k 1; DISCARD; EXEC", "+OK~+QUEUED~+OK~-ERR EXEC without MULTI~")]
    [InlineData("MULTI; SET k; SET k 1; EXEC", "+OK~-ERR wrong number of arguments for 'set' command~+QUEUED~-EXECABORT Transaction discarded because of previous errors.~")]
    [InlineData("MULTI; SET k 1; SADD k 1; EXEC", "+OK~+QUEUED~-WRONGTYPE the key is already something else in this transaction~-EXECABORT Transaction discarded because of previous errors.~")]
    [InlineData("MULTI; SADD k 1; HSET k f 1; EXEC", "+OK~+QUEUED~-WRONGTYPE the key is already something else in this transaction~-EXECABORT Transaction discarded because of previous errors.~")]
    [InlineData("MULTI; XADD k * f 1; HSET k f 1; EXEC", "+OK~+QUEUED~-WRONGTYPE the key is already something else in this transaction~-EXECABORT Transaction discarded because of previous errors.~")]
    [InlineData("MULTI; RAWSET x; EXEC", "+OK~-ERR RAWSET is not for transactions: their record is made of keys and values~-EXECABORT Transaction discarded because of previous errors.~")]
    [InlineData("MULTI; PING; EXEC", "+OK~-ERR 'ping' is not for transactions here: a relay's are one record~-EXECABORT Transaction discarded because of previous errors.~")]
    [InlineData("MULTI; RESET; EXEC", "+OK~+RESET~-ERR EXEC without MULTI~")]
    public void Request_ThatIsWrong_MakesNoRecord(string requests, string replies)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal(replies, rig.Tell(requests));
        Assert.Empty(spool.Records);
    }

    [Theory]
    [InlineData("PING", "+PONG~")]
    [InlineData("PING x", "$1~x~")]
    [InlineData("ECHO x", "$1~x~")]
    [InlineData("GET k", "$-1~")]
    [InlineData("HELLO 3 SETNAME me; GET k", "%7~*_~")]
    [InlineData("EXISTS a b", ":0~")]
    [InlineData("SELECT 3; SELECT x; SELECT -1", "+OK~-ERR value is not an integer or out of range~-ERR DB index is out of range~")]
    [InlineData("AUTH x", "-ERR AUTH <password> called without*~")]
    [InlineData("CLIENT SETNAME me; CLIENT GETNAME", "+OK~$2~me~")]
    [InlineData("CLIENT SETINFO LIB-NAME x; CLIENT NO-EVICT on", "+OK~+OK~")]
    [InlineData("CLIENT REPLY SKIP; SET a 1; SET b 1", "+OK~")]
    [InlineData("CLIENT LIST", "-ERR unknown subcommand*~")]
    [InlineData("COMMAND COUNT", ":31~")]
    [InlineData("COMMAND INFO set nope", "*2~*6~$3~set~:-3~*2~+write~+denyoom~:1~:1~:1~*-1~")]
    [InlineData("COMMAND DOCS", "*0~")]
    [InlineData("CONFIG GET save", "*0~")]
    [InlineData("CONFIG SET save x", "-ERR a relay has no settings*~")]
    [InlineData("QUIT", "+OK~")]
    public void LibrarysCommand_IsAnswered(string requests, string replies)
    {
        using ProxyRig rig = RelayRig.Create(new ScriptedSpool());

        string[] expected = replies.Split('*', 2);
        string told = rig.Tell(requests);
        if (replies.StartsWith('*') || expected.Length == 1)
        {
            Assert.Equal(replies, told);
        }
        else
        {
            Assert.StartsWith(expected[0], told, StringComparison.Ordinal);
            Assert.EndsWith(expected[1], told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("SADD k a", "+OK~")]
    [InlineData("HSET k f a", "+OK~")]
    [InlineData("MULTI; SET k 1; SADD l 1; PING; EXEC", "+OK~+OK~+OK~+PONG~+OK~")]
    [InlineData("GET k; EXISTS k", "+OK~:1~")]
    [InlineData("SET k", "-ERR wrong number of arguments for 'set' command~")]
    public void CompatSmartRelayer_AnswersAsItDoes(string requests, string replies)
    {
        using ProxyRig rig = RelayRig.Create(new ScriptedSpool(), relay => relay with { Compat = RelayCompat.SmartRelayer });

        Assert.Equal(replies, rig.Tell(requests));
    }

    [Fact]
    public void IgnoredCommand_IsAnsweredAndMakesNoRecord()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool, relay => relay with { IgnoreCommands = ["del", "set"] });

        Assert.Equal("+OK~+OK~", rig.Tell("DEL a; Set a"));
        Assert.Empty(spool.Records);
        Assert.Equal("+OK~+QUEUED~*1~+OK~", rig.Tell("MULTI; DEL a; EXEC"));
    }

    [Fact]
    public void Password_ComesFirst()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool, pool: pool => pool with { Password = "secret" });

        Assert.Equal("-NOAUTH Authentication required.~-NOAUTH Authentication required.~-WRONGPASS invalid username-password pair or user is disabled.~+OK~+OK~", rig.Tell("SET a 1; NOPE; AUTH x; AUTH secret; SET a 1"));
        Assert.Single(spool.Records);
    }

    [Theory]
    [InlineData("SET k {0}")]
    [InlineData("RAWSET {0}")]
    [InlineData("SADD k {0} {0}")]
    public void RecordLongerThanTheSinkTakes_IsRefusedWithTheLimit(string request)
    {
        ScriptedSpool spool = new() { MaxRecordBytes = 100 };
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal(
            "-ERR the record is longer than the 100 bytes that the sink takes (max_record)~+PONG~",
            rig.Tell(string.Format(System.Globalization.CultureInfo.InvariantCulture, request, new string('x', 101)) + "; PING"));
        Assert.Empty(spool.Records);
        Assert.Equal(1, rig.State.Counters.RecordsTooLong);
    }

    [Fact]
    public void Transaction_LongerThanTheSinkTakes_IsRefusedAtExec()
    {
        using ProxyRig rig = RelayRig.Create(new ScriptedSpool { MaxRecordBytes = 40 });

        Assert.Equal("+OK~+QUEUED~+QUEUED~-ERR the record is longer than the 40 bytes that the sink takes (max_record)~-ERR EXEC without MULTI~", rig.Tell("MULTI; SET aaaaaa 1; SET bbbbbb 1; EXEC; EXEC"));
    }

    [Fact]
    public void Transaction_AboveItsLimit_IsAborted()
    {
        using ProxyRig rig = RelayRig.Create(new ScriptedSpool(), pool: pool => pool with { Limits = pool.Limits with { ClientTransaction = 1024 } });
        long before = rig.State.Reactor.Buffers.InUse;

        string told = rig.Tell("MULTI; " + string.Join("; ", Enumerable.Repeat("SADD k v", 100)) + "; EXEC");

        Assert.Contains("-ERR transaction is larger than limits.client_transaction~+QUEUED~", told, StringComparison.Ordinal);
        Assert.EndsWith("-EXECABORT Transaction discarded because of previous errors.~", told, StringComparison.Ordinal);
        Assert.Equal(before, rig.State.Reactor.Buffers.InUse);
    }

    [Fact]
    public void Answer_ComesWhenTheRecordIsKept_InItsPlace()
    {
        ScriptedSpool spool = new() { IsManual = true };
        using ProxyRig rig = RelayRig.Create(spool);
        RigClient client = rig.Connect();

        client.Ask("PING", "SET a 1", "PING", "SADD b 1 2", "MULTI", "SET c 1", "EXEC");

        Assert.Equal("+PONG~", client.Replies());
        spool.Settle();
        Assert.Equal("+OK~+PONG~:2~+OK~+QUEUED~*1~+OK~", client.Replies());
    }

    [Fact]
    public void Records_OfOneWakeUp_AreOneBatch()
    {
        ScriptedSpool spool = new() { IsManual = true };
        using ProxyRig rig = RelayRig.Create(spool);
        RigClient one = rig.Connect();
        RigClient other = rig.Connect();

        one.Ask("SET a 1", "SET b 1");
        other.Ask("SET c 1");
        spool.Settle("the disk is full");

        Assert.Equal("-ERR the record could not be kept, outcome unknown (the disk is full)~-ERR the record could not be kept, outcome unknown (the disk is full)~", one.Replies());
        other.Ask("SET d 1");
        spool.Settle();
        Assert.EndsWith("~+OK~", other.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public void Client_ThatLeavesWhileItWaits_LeavesNothingBehind()
    {
        ScriptedSpool spool = new() { IsManual = true };
        using ProxyRig rig = RelayRig.Create(spool);
        long before = rig.State.Reactor.Buffers.InUse;
        RigClient leaver = rig.Connect();
        RigClient stayer = rig.Connect();
        leaver.Ask("SET a 1", "MULTI", "SET b 1");
        stayer.Ask("SET c 1");

        leaver.Dispose();
        rig.Settle();
        spool.Settle();

        Assert.Equal("+OK~", stayer.Replies());
        Assert.Equal(before, rig.State.Reactor.Buffers.InUse);
    }

    [Theory]
    [InlineData(WriteResult.Refused, WhenFull.Wait, "-ERR no room for the record")]
    [InlineData(WriteResult.Full, WhenFull.Error, "-ERR no room for the record")]
    [InlineData(WriteResult.Full, WhenFull.DropNewest, "+OK~")]
    [InlineData(WriteResult.Full, WhenFull.Wait, "")]
    [InlineData(WriteResult.Full, WhenFull.DropOldest, "")]
    [InlineData(WriteResult.Busy, WhenFull.Error, "")]
    public void FullSpool_DoesWhatThePoolSays(WriteResult result, WhenFull whenFull, string reply)
    {
        ScriptedSpool spool = new() { Result = () => result };
        using ProxyRig rig = RelayRig.Create(spool, pool: pool => pool with { Smart = pool.Smart with { WhenFull = whenFull } });
        RigClient client = rig.Connect();

        client.Ask("SET a 1", "MULTI", "SET b 1", "EXEC");

        string told = client.Replies();
        Assert.StartsWith(reply, told, StringComparison.Ordinal);
        Assert.Empty(spool.Records);
        if (reply.Length == 0)
        {
            Assert.Equal("", told);
            spool.Result = static () => WriteResult.Taken;
            rig.Advance(100);
            Assert.Equal("+OK~+OK~+QUEUED~*1~+OK~", client.Replies());
            Assert.Equal(2, spool.Records.Count);
        }

        Assert.Equal(whenFull == WhenFull.DropOldest, spool.Dropped > 0);
    }

    [Fact]
    public void Info_TellsHowTheRelayStands()
    {
        ScriptedSpool spool = new() { Status = new RelayStatus { Pending = 3, Throttled = 2, Parked = "no such\r\nstream" } };
        using ProxyRig rig = RelayRig.Create(spool);

        string info = rig.Tell("SET a 1; INFO");

        foreach (string line in new[] { "role:master", "loading:0", "keyway_records:1", "keyway_relay_pending:3", "keyway_relay_throttled:2", "keyway_relay_parked:no such stream" })
        {
            Assert.Contains($"~{line}~", info, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void InlineCommand_IsTaken()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        RigClient client = rig.Connect();

        client.Say("SET k \"a b\"~");

        Assert.Equal("+OK~", client.Replies());
        Assert.Equal("""{"ts":1,"data":{"k":"a b"}}""", spool.Record);
    }
}
