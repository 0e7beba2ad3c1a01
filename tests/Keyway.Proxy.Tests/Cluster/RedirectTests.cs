using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Requests that went to a node which has not the slot.</summary>
public sealed class RedirectTests
{
    [Fact]
    public void Moved_IsFollowed_TheMapIsRightAtOnceAndAskedForOnce()
    {
        string key = "";
        using SlotRig rig = new((node, _) => node == 1 ? "$1~v~" : SlotRig.Redirect("MOVED", key, 1));
        key = rig.KeyOn(0);

        Assert.Equal("$1~v~", rig.Ask($"GET {key}"));
        Assert.Equal("$1~v~$1~v~", rig.Ask($"GET {key}", $"GET {key}"));
        rig.Pass(150);

        Assert.Equal([$"0:GET {key}", $"1:GET {key}", $"1:GET {key}", $"1:GET {key}"], rig.Seen);
        Assert.Equal(2, rig.Questions);
    }

    [Fact]
    public void Moved_OfManyRequests_IsOneQuestionForTheMap()
    {
        using SlotRig rig = new((node, request) => node == 2 ? "$1~v~" : SlotRig.Redirect("MOVED", request.Split(' ')[1], 2));
        string[] requests = [.. Enumerable.Range(0, 50).Select(i => $"GET {rig.KeyOn(0, i)}")];

        Assert.Equal(string.Concat(Enumerable.Repeat("$1~v~", 50)), rig.Ask(requests));
        rig.Map = SlotRig.Shards(2, 1, 2);
        rig.Pass(300);

        Assert.Equal(2, rig.Questions);
    }

    [Fact]
    public void Ask_IsFollowedWithAskingRightBefore_AndTheMapStays()
    {
        string key = "";
        using SlotRig rig = new((node, _) => node == 1 ? "$1~v~" : SlotRig.Redirect("ASK", key, 1));
        key = rig.KeyOn(0);

        Assert.Equal("$1~v~$1~v~", rig.Ask($"GET {key}", $"GET {key}"));

        Assert.Equal(
            [$"0:GET {key}", $"0:GET {key}", "1:ASKING", $"1:GET {key}", "1:ASKING", $"1:GET {key}"],
            rig.Seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    public void Moved_ToAnUnknownHost_IsTheHostThatSaysSo(string host)
    {
        using SlotRig rig = new((node, _) => node == 1 ? "$1~v~" : $"-MOVED 12 {host}:7001~");

        Assert.Equal("$1~v~", rig.Ask($"GET {rig.KeyOn(0)}"));
    }

    [Fact]
    public void Moved_ToAnAddressOfTheMap_GoesWhereThatIs()
    {
        using SlotRig rig = new(
            (node, _) => node == 1 ? "$1~v~" : "-MOVED 12 announced:9000~",
            change: static config => config with { AddressMap = [new("announced:9000", "10.0.0.1:7001")] });

        Assert.Equal("$1~v~", rig.Ask($"GET {rig.KeyOn(0)}"));
    }

    [Fact]
    public void Moved_ToAndFro_EndsWithTheBudget()
    {
        string key = "";
        using SlotRig rig = new(
            (node, _) => SlotRig.Redirect("MOVED", key, 1 - node),
            change: static config => config with { RetryBudget = TimeSpan.FromMilliseconds(100) });
        key = rig.KeyOn(0);

        Assert.Equal("", rig.Ask($"SET {key} 1"));
        string replies = rig.Pass(300);

        Assert.StartsWith("-ERR the cluster's nodes do not agree on who serves slot", replies, StringComparison.Ordinal);
        Assert.InRange(rig.Seen.Count, 4, 20);
    }

    [Fact]
    public void Replies_KeepTheirOrder_WhateverIsRedirected()
    {
        using SlotRig rig = new((node, request) =>
        {
            string key = request.Split(' ')[1];
            return node == 0 ? SlotRig.Redirect("MOVED", key, 1) : $"${key.Length}~{key}~";
        });
        string[] keys = [.. Enumerable.Range(0, 30).Select(i => rig.KeyOn(i % 3, i))];

        string replies = rig.Ask([.. keys.Select(static key => $"GET {key}")]);

        Assert.Equal(string.Concat(keys.Select(static key => $"${key.Length}~{key}~")), replies);
    }

    [Fact]
    public void Requests_AfterARedirectedOne_DoNotOvertakeIt()
    {
        bool isHeld = true;
        using SlotRig rig = new((node, request) =>
            node == 0 ? SlotRig.Redirect("MOVED", request.Split(' ')[1], 1) : isHeld ? null : "+OK~");
        string key = rig.KeyOn(0);

        rig.Ask($"SET {key} 1", $"SET {key} 2");
        rig.Ask($"SET {key} 3");
        Assert.Equal([$"0:SET {key} 1", $"0:SET {key} 2", $"1:SET {key} 1", $"1:SET {key} 2"], rig.Seen);

        isHeld = false;
        rig.Rig.Servers[1].Last.SendText("+OK~+OK~");
        Assert.Equal("+OK~+OK~+OK~", rig.Serve());
        Assert.Equal($"1:SET {key} 3", rig.Seen[^1]);
    }

    [Fact]
    public void Parts_OfASplitCommand_AreRedirectedEachForItself()
    {
        using SlotRig rig = new((node, request) =>
        {
            string[] keys = request.Split(' ')[1..];
            return node == 0
                ? SlotRig.Redirect("ASK", keys[0], 2)
                : $"*{keys.Length}~" + string.Concat(keys.Select(static key => $"${key.Length}~{key}~"));
        });
        string[] keys = [rig.KeyOn(0), rig.KeyOn(1), rig.KeyOn(2), rig.KeyOn(0, 1)];

        string replies = rig.Ask($"MGET {string.Join(' ', keys)}");

        Assert.Equal("*4~" + string.Concat(keys.Select(static key => $"${key.Length}~{key}~")), replies);
        Assert.Equal(2, rig.Seen.Count(static seen => seen is "2:ASKING"));
    }

    [Fact]
    public void Client_GoneBeforeTheRedirectComes_LeavesNothing()
    {
        using SlotRig rig = new(static (node, _) => node == 0 ? null : "*1~$1~v~");
        long before = rig.Rig.State.Reactor.Buffers.InUse;
        string key = rig.KeyOn(0);
        rig.Ask($"SET {key} 1", $"MGET {key} {rig.KeyOn(0, 1)}");
        rig.Client.Dispose();
        rig.Rig.Settle();

        rig.Rig.Servers[0].Last.SendText(SlotRig.Redirect("MOVED", key, 1) + SlotRig.Redirect("MOVED", key, 1) + SlotRig.Redirect("MOVED", key, 1));
        rig.Serve();
        rig.Pass(200);

        Assert.Equal(before, rig.Rig.State.Reactor.Buffers.InUse);
    }

    [Fact]
    public void AnotherMap_WhileRequestsAreUnderWay_HoldsTheNextBack()
    {
        using SlotRig rig = new((node, request) => node == 0 ? null : "$1~v~");
        rig.Ask($"GET {rig.KeyOn(0)}");
        rig.Map = SlotRig.Shards(1, 1, 2);
        rig.Rig.State.Cluster!.RequestRefresh();
        rig.Pass(150);

        Assert.Equal("", rig.Ask($"GET {rig.KeyOn(0)}"));
        Assert.Single(rig.Seen);
        rig.Rig.Servers[0].Last.SendText("$1~o~");
        Assert.Equal("$1~o~$1~v~", rig.Serve());
    }
}
