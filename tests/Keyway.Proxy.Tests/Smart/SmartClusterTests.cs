using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Smart;

/// <summary>Early writes where keys move from server to server.</summary>
public sealed class SmartClusterTests
{
    private const string Ok = "+OK~";

    [Fact]
    public void Writes_AreAnsweredAtOnce_AndGoToTheOwnersOfTheirSlots()
    {
        using SlotRig rig = Smart((_, _) => null);
        (string a, string b) = (rig.KeyOn(0), rig.KeyOn(2));

        Assert.Equal("+OK~+OK~+OK~", rig.Ask($"SET {a} 1", $"SET {b} 2", $"MSET {a} 3 {b} 4"));

        Assert.Equal([$"0:MSET {a} 3", $"0:SET {a} 1", $"2:MSET {b} 4", $"2:SET {b} 2"], rig.Seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("MOVED")]
    [InlineData("ASK")]
    public void Redirect_IsFollowed_InOrder(string word)
    {
        using SlotRig rig = Smart((node, request) => node == 1 ? Ok : SlotRig.Redirect(word, request.Split(' ')[1], 1));
        string key = rig.KeyOn(0);

        Assert.Equal("+OK~+OK~+OK~", rig.Ask($"SET {key} 1", $"SET {key} 2", $"SET {key} 3"));

        Assert.Equal([$"1:SET {key} 1", $"1:SET {key} 2", $"1:SET {key} 3"], rig.Seen.Where(static seen => seen.StartsWith("1:SET", StringComparison.Ordinal)));
        Assert.Equal(word == "ASK" ? 3 : 0, rig.Seen.Count(static seen => seen is "1:ASKING"));
        Assert.Equal(0, rig.Rig.State.Smart!.Pending);
        Assert.Equal(3, rig.Rig.State.Counters.EarlyDelivered);
    }

    [Theory]
    [InlineData("CLUSTERDOWN The cluster is down")]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot")]
    [InlineData("LOADING Redis is loading the dataset in memory")]
    [InlineData("READONLY You can't write against a read only replica.")]
    public void PassingRefusal_IsTriedUntilItPasses_WhateverTheBudget(string refusal)
    {
        bool isRefusing = true;
        using SlotRig rig = Smart((_, _) => isRefusing ? $"-{refusal}~" : Ok);
        string key = rig.KeyOn(0);
        Assert.Equal("+OK~+OK~", rig.Ask($"SET {key} 1", $"SET {key} 2"));

        _ = rig.Pass(5000);
        Assert.Equal(2, rig.Rig.State.Smart!.Pending);
        isRefusing = false;
        rig.Seen.Clear();
        _ = rig.Pass(2000);

        Assert.Equal([$"0:SET {key} 1", $"0:SET {key} 2"], rig.Seen);
        Assert.Equal(0, rig.Rig.State.Smart!.Pending);
        Assert.Equal(0, rig.Rig.State.Counters.EarlyRefused);
    }

    [Fact]
    public void LaterWrite_ExecutedBeforeOneThatWasRefused_IsRepeatedBehindIt()
    {
        bool isRefusing = true;
        using SlotRig rig = Smart((_, request) => isRefusing && request.EndsWith('1') ? "-TRYAGAIN not now~" : Ok);
        string key = rig.KeyOn(0);

        Assert.Equal("+OK~+OK~", rig.Ask($"SET {key} 1", $"SET {key} 2"));
        isRefusing = false;
        _ = rig.Pass(100);

        Assert.Equal([$"0:SET {key} 1", $"0:SET {key} 2", $"0:SET {key} 1", $"0:SET {key} 2"], rig.Seen);
        Assert.Equal(0, rig.Rig.State.Smart!.Pending);
    }

    [Fact]
    public void WriteThatMustNotBeRepeated_GoesBehindNothingThatCouldComeBack()
    {
        List<string> replies = ["-TRYAGAIN not now~", Ok, ":1~"];
        using SlotRig rig = Smart((_, _) => Next(replies), static smart => smart with { Early = ["+incr=:1"] });
        string key = rig.KeyOn(0);

        Assert.Equal("+OK~:1~", rig.Ask($"SET {key} 1", $"INCR {key}"));
        _ = rig.Pass(100);

        Assert.Equal([$"0:SET {key} 1", $"0:SET {key} 1", $"0:INCR {key}"], rig.Seen);
    }

    [Fact]
    public void WriteThatMustNotBeRepeated_AndIsLost_HoldsUpNoOther()
    {
        bool isAnswering = false;
        using SlotRig rig = Smart((_, _) => isAnswering ? ":1~" : null, static smart => smart with { Early = ["+incr=:1"] });
        string key = rig.KeyOn(0);
        Assert.Equal(":1~:1~", rig.Ask($"INCR {key}", $"INCR {key}"));
        Assert.Equal([$"0:INCR {key}"], rig.Seen);

        rig.Rig.Servers[0].Connections.ToList().ForEach(static connection => connection.Dispose());
        isAnswering = true;
        _ = rig.Pass(2000);

        Assert.Equal([$"0:INCR {key}", $"0:INCR {key}"], rig.Seen);
        Assert.Equal(0, rig.Rig.State.Smart!.Pending);
        Assert.Equal(1, rig.Rig.State.Counters.EarlyUncertain);
    }

    [Fact]
    public void LostNode_ItsWritesGoToTheNewOwner_BeforeLaterOnes()
    {
        using SlotRig rig = Smart((node, _) => node == 0 ? null : Ok, static smart => smart with { Early = ["+incr=:1"] });
        string key = rig.KeyOn(0);
        Assert.Equal("+OK~", rig.Ask($"SET {key} 1"));
        rig.Rig.Servers[0].Stop();
        Assert.Equal("+OK~", rig.Ask($"SET {key} 2"));
        _ = rig.Pass(300);

        rig.Map = SlotRig.Shards(1, 1, 2);
        _ = rig.Pass(300);
        Assert.Equal("+OK~", rig.Ask($"SET {key} 3"));
        _ = rig.Pass(1200);

        Assert.Equal([$"1:SET {key} 1", $"1:SET {key} 2", $"1:SET {key} 3"], rig.Seen.Where(static seen => seen[0] == '1'));
    }

    [Fact]
    public void AnotherMap_WhileWritesAreUnderWay_HoldsTheNextBack()
    {
        using SlotRig rig = Smart((node, _) => node == 0 ? null : Ok);
        string key = rig.KeyOn(0);
        Assert.Equal("+OK~", rig.Ask($"SET {key} 1"));
        rig.Map = SlotRig.Shards(1, 1, 2);
        rig.Rig.State.Cluster!.RequestRefresh();
        _ = rig.Pass(150);

        Assert.Equal("+OK~", rig.Ask($"SET {key} 2"));
        Assert.Equal([$"0:SET {key} 1"], rig.Seen);
        rig.Rig.Servers[0].Last.SendText(SlotRig.Redirect("MOVED", key, 1));
        _ = rig.Serve();

        Assert.Equal([$"0:SET {key} 1", $"1:SET {key} 1", $"1:SET {key} 2"], rig.Seen);
    }

    [Fact]
    public void Read_WaitsUntilItsClientsWritesToThatKeyAreExecuted_AndNotForOthers()
    {
        bool isHeld = true;
        using SlotRig rig = Smart((node, request) => request[0] == 'S' ? isHeld && node == 0 ? null : Ok : "$1~v~");
        (string key, string other) = (rig.KeyOn(0), rig.KeyOn(2));
        Assert.Equal("+OK~$1~v~", rig.Ask($"SET {key} 1", $"GET {other}"));

        Assert.Equal("", rig.Ask($"GET {key}"));
        isHeld = false;
        rig.Rig.Servers[0].Last.SendText(SlotRig.Redirect("MOVED", key, 1));
        string replies = rig.Serve() + rig.Pass(100);

        Assert.Equal("$1~v~", replies);
        Assert.Equal([$"1:SET {key} 1", $"1:GET {key}"], rig.Seen.Where(static seen => seen[0] == '1'));
    }

    [Fact]
    public void Read_BehindWritesThatNobodyTakes_FailsAfterTheBudget()
    {
        using SlotRig rig = Smart((_, request) => request[0] == 'S' ? "-CLUSTERDOWN The cluster is down~" : "$1~v~");
        string key = rig.KeyOn(0);
        Assert.Equal("+OK~", rig.Ask($"SET {key} 1"));

        Assert.Equal("", rig.Ask($"GET {key}"));

        Assert.StartsWith("-ERR earlier writes of this client, which come first, wait for server of slots 0-1023 (CLUSTERDOWN)", rig.Pass(4000), StringComparison.Ordinal);
        Assert.Equal($"$1~v~", rig.Ask($"GET {rig.KeyOn(2)}"));
        Assert.DoesNotContain($"0:GET {key}", rig.Seen);
    }

    [Fact]
    public void UnknownMap_WritesAreTaken_AndReadsFailAfterTheBudget()
    {
        using SlotRig rig = Smart((_, _) => Ok, isKnown: false);
        string key = rig.KeyOn(0);
        Assert.Equal("+OK~", rig.Ask($"SET {key} 1"));

        Assert.Equal("", rig.Ask($"GET {key}"));
        Assert.StartsWith("-ERR earlier writes of this client", rig.Pass(4000), StringComparison.Ordinal);
        Assert.Empty(rig.Seen);
        rig.IsTelling = true;
        _ = rig.Pass(2000);

        Assert.Equal([$"0:SET {key} 1"], rig.Seen);
    }

    [Fact]
    public void OnceWarm_NothingIsAllocated()
    {
        using SlotRig rig = Smart((_, request) => request[0] == 'G' ? "$1~1~" : Ok);
        (string a, string b) = (rig.KeyOn(0), rig.KeyOn(2));
        long least = long.MaxValue;
        for (int round = 0; round < 200; round++)
        {
            long before = rig.Rig.Allocated;
            Assert.Equal("+OK~+OK~$1~1~", rig.Ask($"SET {a} 1", $"MSET {a} 1 {b} 2", $"GET {a}"));
            least = Math.Min(least, rig.Rig.Allocated - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void EarlierRequest_ThatWasRefused_IsNotRepeatedBehindTheWrite()
    {
        using SlotRig rig = Smart((_, request) => request[0] == 'I' ? "-TRYAGAIN not now~" : Ok);
        string key = rig.KeyOn(0);

        string replies = rig.Ask($"INCR {key}", $"SET {key} 5") + rig.Pass(200);

        Assert.Equal("-TRYAGAIN not now~+OK~", replies);
        Assert.Equal([$"0:INCR {key}", $"0:SET {key} 5"], rig.Seen);
    }

    [Fact]
    public void Backlog_IsBoundForTheWholePool()
    {
        using SlotRig rig = Smart((_, _) => null, static smart => smart with { MaxBacklog = 400, WhenFull = WhenFull.Error });

        string replies = rig.Ask([.. Enumerable.Range(0, 8).Select(i => $"SET {rig.KeyOn(0, i % 2)} {i}")]);

        Assert.StartsWith("+OK~+OK~+OK~+OK~-ERR no room for the write", replies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "GET")]
    [InlineData(8, "SET")]
    public void ClientGone_WhileItWaitsForWritesThatNobodyTakes_IsNoticed(int writes, string last)
    {
        using SlotRig rig = Smart((_, _) => "-CLUSTERDOWN The cluster is down~", static smart => smart with { MaxBacklog = 400, WhenFull = WhenFull.Wait }, retryBudget: TimeSpan.FromHours(1));
        string key = rig.KeyOn(0);
        rig.Ask([.. Enumerable.Repeat($"SET {key} 1", writes), $"{last} {key} 2"]);
        rig.Pass(2000);
        Assert.Equal(1, rig.Rig.State.ClientCount);
        long pending = rig.Rig.State.Smart!.Pending;

        rig.Client.Dispose();
        rig.Pass(500);

        Assert.Equal(0, rig.Rig.State.ClientCount);
        Assert.Equal(pending, rig.Rig.State.Smart.Pending);
    }

    private static SlotRig Smart(Func<int, string, string?> answer, Func<SmartConfig, SmartConfig>? change = null, bool isKnown = true, TimeSpan? retryBudget = null) => new(
        answer,
        isKnown: isKnown,
        change: config => config with
        {
            Mode = PoolMode.Smart,
            Smart = change?.Invoke(config.Smart) ?? config.Smart,
            ServerRetryTimeout = TimeSpan.FromMilliseconds(100),
            Timeout = null,
            RetryBudget = retryBudget ?? config.RetryBudget,
        });

    private static string Next(List<string> replies)
    {
        string reply = replies[0];
        replies.RemoveAt(0);
        return reply;
    }
}
