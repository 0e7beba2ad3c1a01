using Keyway.Proxy.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Reads from replicas.</summary>
public sealed class ReplicaTests
{
    // Node 0 has all slots, node 1 is its replica.
    private static readonly string Pair = SlotRig.Shards(0)
        .Replace("$5~nodes~*1~", "$5~nodes~*2~", StringComparison.Ordinal)
        + "*10~$2~id~$2~n1~$4~port~:7001~$8~endpoint~$8~10.0.0.1~$4~role~$7~replica~$6~health~$6~online~";

    [Fact]
    public void Reads_GoToTheReplica_WritesAndTransactionsDoNot()
    {
        using SlotRig rig = Rig(ReadFrom.PreferReplica, static (_, request) => request switch { "READONLY" => "+OK~", "EXEC" => "*1~$1~v~", _ => "$1~v~" });

        Assert.Equal("$1~v~$1~v~$1~v~", rig.Ask("GET a", "GET b", "SET a 1"));
        rig.Ask("MULTI", "GET a", "EXEC");

        Assert.Equal(["1:READONLY", "1:GET a", "1:GET b"], rig.Seen.Where(static seen => seen[0] == '1'));
        Assert.Equal(["0:SET a 1", "0:MULTI", "0:GET a", "0:EXEC"], rig.Seen.Where(static seen => seen[0] == '0'));
    }

    [Fact]
    public void Reads_AfterWatch_AndOfScriptsByName_GoToThePrimary()
    {
        using SlotRig rig = Rig(
            ReadFrom.Replica,
            static (_, request) => request switch { "READONLY" or "UNWATCH" or "MULTI" => "+OK~", "EXEC" => "*1~+OK~", "CLIENT ID" => ":1~", _ when request.StartsWith("WATCH", StringComparison.Ordinal) => "+OK~", _ => "$1~v~" });

        Assert.Equal("+OK~$1~v~+OK~+QUEUED~*1~+OK~", rig.Ask("WATCH a", "GET a", "MULTI", "SET a 1", "EXEC"));
        Assert.Equal("$1~v~$1~v~", rig.Ask("EVALSHA_RO 0123456789012345678901234567890123456789 1 a", "GET b"));

        Assert.Contains("0:GET a", rig.Seen);
        Assert.Contains("0:EVALSHA_RO 0123456789012345678901234567890123456789 1 a", rig.Seen);
        Assert.Equal(["1:READONLY", "1:GET b"], rig.Seen.Where(static seen => seen[0] == '1'));
    }

    [Theory]
    [InlineData("-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.~")]
    [InlineData("-LOADING Redis is loading the dataset in memory~")]
    [InlineData("-MOVED 15495 10.0.0.1:7000~")]
    public void Read_ThatAReplicaRefuses_GoesToThePrimary(string refusal)
    {
        using SlotRig rig = Rig(ReadFrom.PreferReplica, (node, request) => request is "READONLY" ? "+OK~" : node == 1 ? refusal : "$1~v~");

        Assert.Equal("$1~v~", rig.Ask("GET a") + rig.Pass(50));
    }

    [Fact]
    public void Read_WithoutAReplica_GoesToThePrimary_OrWaitsWhereItMustNot()
    {
        using SlotRig prefer = new(static (_, _) => "$1~v~", change: static config => config with { ReadFrom = ReadFrom.PreferReplica });
        using SlotRig only = new(static (_, _) => "$1~v~", change: static config => config with { ReadFrom = ReadFrom.Replica, RetryBudget = TimeSpan.FromMilliseconds(50) });

        Assert.Equal("$1~v~", prefer.Ask("GET a"));
        Assert.Equal("", only.Ask("GET a"));
        Assert.StartsWith("-ERR no replica of slot 15495 is up", only.Pass(150), StringComparison.Ordinal);
    }

    [Fact]
    public void Node_ThatOwesAnswers_IsNotAskedForMoreOfThem()
    {
        using SlotRig rig = Rig(ReadFrom.Nearest, static (node, request) => request switch { "INFO replication" when node == 0 => Replication(node), _ => null }, timeout: TimeSpan.FromHours(1));

        rig.Pass(10_000);

        Assert.InRange(rig.Seen.Count(static seen => seen is "1:INFO replication"), 1, 3);
        Assert.InRange(rig.Seen.Count(static seen => seen is "0:INFO replication"), 9, 11);
    }

    [Fact]
    public void Replica_WhoseAgeIsNotKnown_IsNotRead()
    {
        using SlotRig rig = Rig(
            ReadFrom.PreferReplica,
            static (node, request) => request switch { "READONLY" => "+OK~", "INFO replication" => Replication(node), _ => $"$1~{node}~" },
            TimeSpan.FromMilliseconds(500));

        Assert.Equal("$1~0~", rig.Ask("GET a"));
        rig.Pass(500);
        Assert.Equal("$1~1~", rig.Ask("GET a"));
    }

    [Fact]
    public void History_TellsSinceWhenAReplicaIsBehind()
    {
        OffsetHistory history = new();
        history.Add(100, "a", 10);
        history.Add(200, "a", 20);
        history.Add(300, "a", 30);

        Assert.Equal(0, history.TimeOf("a", 9));
        Assert.Equal(200, history.TimeOf("a", 25));
        Assert.Equal(300, history.TimeOf("a", 99));
        Assert.Equal(0, history.TimeOf("b", 99));
    }

    [Fact]
    public void NearestNode_IsTheOneThatAnswersFastest()
    {
        using SlotRig rig = Rig(ReadFrom.Nearest, static (_, request) => request is "READONLY" ? "+OK~" : "$1~v~");
        ReplicaChoice choice = rig.Rig.State.Cluster!.Replicas;

        choice.Take([new NodeReport(0, 900, 0), new NodeReport(1, 200, 0)]);
        Assert.Equal(1, choice.Choose(rig.Rig.State.Servers[0], 0)!.Index);
        choice.Take([new NodeReport(0, 100, 0)]);
        Assert.Equal(0, choice.Choose(rig.Rig.State.Servers[0], 0)!.Index);
        choice.Take([new NodeReport(0, 190, 0)]);
        Assert.NotEqual(choice.Choose(rig.Rig.State.Servers[0], 0), choice.Choose(rig.Rig.State.Servers[0], 1));
    }

    [Fact]
    public void NearestNode_WithAZone_IsInTheOwnOneIfThereIsOne()
    {
        using SlotRig rig = Rig(ReadFrom.Nearest, static (_, request) => request is "READONLY" ? "+OK~" : "$1~v~", zone: "here");
        ReplicaChoice choice = rig.Rig.State.Cluster!.Replicas;

        choice.Take([new NodeReport(0, 100, 0, "there"), new NodeReport(1, 900, 0, "here")]);
        Assert.Equal(1, choice.Choose(rig.Rig.State.Servers[0], 0)!.Index);
        choice.Take([new NodeReport(1, 900, 0, "elsewhere")]);
        Assert.Equal(0, choice.Choose(rig.Rig.State.Servers[0], 0)!.Index);
        choice.Take([new NodeReport(0, 100, 0, "here"), new NodeReport(1, 50, 0, "here")]);
        Assert.Equal(1, choice.Choose(rig.Rig.State.Servers[0], 0)!.Index);
    }

    [Fact]
    public void Zone_ThatANodeTells_IsHeard()
    {
        using SlotRig rig = Rig(
            ReadFrom.Nearest,
            static (node, request) => request switch { "READONLY" => "+OK~", "INFO replication" => Replication(node), "INFO server" => Zone(node), _ => $"$1~{node}~" },
            zone: "z1");

        rig.Pass(2500);

        Assert.Equal("$1~1~$1~1~", rig.Ask("GET a", "GET b"));
    }

    private static string Zone(int node)
    {
        string text = $"# Server\r\navailability_zone:z{node}\r\n";
        return $"${text.Length}~{text}~";
    }

    private static string Replication(int node)
    {
        string text = node == 0
            ? "role:master\r\nmaster_replid:x\r\nmaster_repl_offset:100\r\n"
            : "role:slave\r\nmaster_link_status:up\r\nslave_repl_offset:100\r\nmaster_replid:x\r\nmaster_repl_offset:100\r\n";
        return $"${text.Length}~{text}~";
    }

    private static SlotRig Rig(ReadFrom readFrom, Func<int, string, string?> answer, TimeSpan? lag = null, string? zone = null, TimeSpan? timeout = null)
    {
        SlotRig rig = new(answer, nodes: 2, change: config => config with { ReadFrom = readFrom, MaxReplicaLag = lag, Zone = zone, Timeout = timeout ?? config.Timeout }, map: Pair);
        rig.Seen.Clear();
        return rig;
    }
}
