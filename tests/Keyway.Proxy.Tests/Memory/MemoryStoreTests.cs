using System.Globalization;

namespace Keyway.Proxy.Tests.Memory;

public sealed class MemoryStoreTests
{
    [Fact]
    public void Key_WhoseTimeIsOver_IsGone()
    {
        var server = new MemoryServer();
        server.Ask("SET k v PX 1500");
        server.Ask("HSET h f v");
        server.Ask("EXPIRE h 2");
        Assert.Equal(":1500~", server.Ask("PTTL k"));
        Assert.Equal(":2~", server.Ask("TTL k"));
        server.Clock.Advance(TimeSpan.FromMilliseconds(1499));
        Assert.Equal("$1~v~", server.Ask("GET k"));
        server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("*1~$1~h~", server.Ask("KEYS *"));
        Assert.Equal("$-1~", server.Ask("GET k"));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(":1~", server.Ask("HSET h g v"));
        Assert.Equal(":-1~", server.Ask("TTL h"));
    }

    [Fact]
    public void RemoveExpired_ManyKeys_FreesTheirMemory()
    {
        var server = new MemoryServer();
        for (int i = 0; i < 1000; i++)
        {
            server.Ask($"SET expiring{i} v PX {1 + (i % 50)}");
        }

        server.Ask("SET staying v");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 20; i++)
        {
            server.Store.RemoveExpired();
        }

        Assert.Equal(":1~", server.Ask("DBSIZE"));
        Assert.InRange(server.Store.UsedBytes, 1, 300);
    }

    [Fact]
    public void Commands_OnOtherKeys_RemoveExpiredOnes()
    {
        var server = new MemoryServer();
        for (int i = 0; i < 500; i++)
        {
            server.Ask($"SET expiring{i} v PX 5");
        }

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 2000; i++)
        {
            server.Ask("GET other");
        }

        Assert.Equal(":0~", server.Ask("DBSIZE"));
    }

    [Fact]
    public void Budget_Passed_KeysUnusedForLongestGo()
    {
        const int Budget = 100_000;
        var server = new MemoryServer(Budget);
        for (int i = 0; i < 2000; i++)
        {
            server.Ask($"SET key{i} {new string('x', 100)}");
            server.Ask("GET key0");
            Assert.InRange(server.Store.UsedBytes, 1, Budget);
        }

        Assert.Equal(":1~", server.Ask("EXISTS key0"));
        Assert.Equal(":1~", server.Ask("EXISTS key1999"));
        Assert.Equal(":0~", server.Ask("EXISTS key1"));
        Assert.Contains("evicted_keys:1", server.Ask("INFO stats"), StringComparison.Ordinal);
    }

    [Fact]
    public void Value_LargerThanTheBudget_DoesNotStay()
    {
        var server = new MemoryServer(1000);
        Assert.Equal("+OK~", server.Ask($"SET k {new string('x', 2000)}"));
        Assert.Equal(":0~", server.Ask("DBSIZE"));
        Assert.Equal(0, server.Store.UsedBytes);
    }

    [Fact]
    public void UsedBytes_AfterEverythingIsDeleted_IsZero()
    {
        var server = new MemoryServer();
        foreach (string line in (string[])[
            "SET a v", "APPEND a more", "SETRANGE a 100 x", "HSET h f v g w", "HSET h f longer", "HDEL h g", "RENAME h i", "SET i string", "HSET j f v",
            "HDEL j f", "INCR n", "GETDEL n", "SET e v EX 5", "PERSIST e", "DEL a i e"])
        {
            server.Ask(line);
        }

        Assert.Equal("*0~", server.Ask("KEYS *"));
        Assert.Equal(0, server.Store.UsedBytes);
        server.Ask("MSET a 1 b 2");
        server.Ask("FLUSHALL");
        Assert.Equal(0, server.Store.UsedBytes);
    }

    // What SCAN promises: what is there from the first to the last call is seen.
    [Theory]
    [InlineData("SCAN {0}", "SET key{0} v", "DEL key{0}")]
    [InlineData("HSCAN h {0}", "HSET h key{0} v", "HDEL h key{0}")]
    public void Scan_WhileKeysComeAndGo_SeesAllThatStay(string scan, string set, string delete)
    {
        var server = new MemoryServer();
        var random = new Random(11);
        for (int i = 0; i < 3000; i++)
        {
            server.Ask(string.Format(CultureInfo.InvariantCulture, set, i));
        }

        var seen = new HashSet<string>();
        string cursor = "0";
        do
        {
            string[] reply = server.Ask(string.Format(CultureInfo.InvariantCulture, scan, cursor) + " COUNT 7").Split('~');
            cursor = reply[2];
            seen.UnionWith(reply.Where(static part => part.StartsWith("key", StringComparison.Ordinal)));

            // The first 1000 stay.
            server.Ask(string.Format(CultureInfo.InvariantCulture, delete, random.Next(1000, 3000)));
            server.Ask(string.Format(CultureInfo.InvariantCulture, delete, random.Next(1000, 3000)));
            server.Ask(string.Format(CultureInfo.InvariantCulture, set, random.Next(3000, 4000)));
        }
        while (cursor != "0");

        Assert.All(Enumerable.Range(0, 1000), i => Assert.Contains($"key{i}", seen));
    }
}
