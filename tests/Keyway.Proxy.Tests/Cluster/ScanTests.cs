using System.Globalization;
using System.Text;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Merging;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>SCAN over a cluster: every key that stays where it is comes, whatever happens to the nodes.</summary>
public sealed class ScanTests
{
    [Fact]
    public void Scan_VisitsEveryNode()
    {
        using SlotRig rig = new(static (node, request) => request.EndsWith(" 0", StringComparison.Ordinal)
            ? $"*2~$2~17~*1~$2~a{node}~"
            : $"*2~$1~0~*1~$2~b{node}~");

        Assert.Equal(["a0", "b0", "a1", "b1", "a2", "b2"], Scan(rig, _ => { }));
    }

    [Fact]
    public void Scan_WhenTheNodeHasASuccessor_BeginsThatOneAnew()
    {
        using SlotRig rig = new(static (node, request) => request.EndsWith(" 0", StringComparison.Ordinal)
            ? $"*2~$2~17~*1~$2~a{node}~"
            : $"*2~$1~0~*1~$2~b{node}~");

        List<string> keys = Scan(rig, step =>
        {
            if (step == 2)
            {
                // Half of node 1 has been scanned: node 3 takes over.
                rig.Map = SlotRig.Shards(0, 2, 2);
                rig.Rig.State.Cluster!.RequestRefresh();
                rig.Pass(150);
            }
        });

        Assert.Equal(["a0", "b0", "a1", "a2", "b2"], keys);
    }

    [Fact]
    public void Step_WhenALaterNodeTakesOverLowSlots_StillVisitsIt()
    {
        SlotTable slots = Table((0, 0), (5000, 1), (10000, 2));
        ulong cursor = Next(slots, 0);
        slots.Set(0, 2); // node 2 now has the lowest slot of all

        Assert.Equal([2, 0, 1, 2], Rest(slots, cursor)); // node 2 for slot 0, which node 0 had
    }

    [Fact]
    public void Step_WhenASlotGoesToANodeThatWasScanned_VisitsThatOneAgain()
    {
        SlotTable slots = Table((0, 0), (5000, 1), (10000, 2));
        ulong cursor = Next(slots, Next(slots, 0));
        slots.Set(7000, 0); // of node 1, which is done, before the scan goes on

        Assert.Equal([0, 1, 2], Rest(slots, cursor));
    }

    [Fact]
    public void Step_WhenItsSlotBelongsToNobody_GoesToTheNextNode()
    {
        SlotTable slots = Table((0, 0), (5000, 1));
        ulong cursor = Next(slots, 0);
        slots.Set(0, ClusterMap.Nobody);

        Assert.Equal([0, 1], Rest(slots, cursor));
    }

    [Fact]
    public void Scan_WhenSlotsHaveMovedUnnoticed_VisitsTheNodeThatHasThem()
    {
        using SlotRig rig = new(static (node, _) => $"*2~$1~0~*1~$2~k{node}~", map: SlotRig.Shards(0, 0, 1));
        rig.Map = SlotRig.Shards(0, 1, 2);

        Assert.Equal(["k0", "k1", "k2"], Scan(rig, _ => { }));
    }

    [Fact]
    public void Scan_WhileANodeIsAway_WaitsForItsSuccessor_AndBeginsThatOneAnew()
    {
        using SlotRig rig = new(static (node, request) => request.EndsWith(" 0", StringComparison.Ordinal)
            ? $"*2~$2~17~*1~$2~a{node}~"
            : $"*2~$1~0~*1~$2~b{node}~");

        List<string> keys = Scan(rig, step =>
        {
            if (step == 0)
            {
                // Half of node 0 has been scanned.
                rig.Rig.Servers[0].Stop();
                rig.Rig.Settle();
                rig.Map = SlotRig.Shards(1, 1, 2);
            }
        });

        Assert.Equal(["a0", "a1", "b1", "a2", "b2"], keys);
    }

    [Fact]
    public void Step_OnAConnectionThatIsLost_IsRepeated()
    {
        bool isAnswering = false;
        using SlotRig rig = new((node, _) => isAnswering ? $"*2~$1~0~*1~$2~k{node}~" : null);
        Assert.Equal("", rig.Ask("SCAN 0"));
        isAnswering = true;

        rig.Rig.Servers[0].Last.Dispose();

        Assert.EndsWith("*1~$2~k0~", rig.Serve() + rig.Pass(100), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, 0, 0, 0, 0UL)]
    [InlineData((ulong)long.MaxValue, 16383, 127, 255, ClusterCursor.Done)]
    public void Cursor_IsOneNumber(ulong number, int slot, byte node, byte map, ulong position)
    {
        ClusterCursor cursor = new(slot, node, map, position);

        Assert.Equal(number, cursor.Number);
        Assert.True(ClusterCursor.TryParse(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)), out ClusterCursor parsed));
        Assert.Equal(cursor, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    public void Cursor_ThatIsNone_IsRefused(string text) => Assert.False(ClusterCursor.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Step_PositionTooLong_DoesNotFit() =>
        Assert.False(Step(Table((0, 0)), 0).TryGoOn(ClusterCursor.MaxPosition + 1, out _));

    private static List<string> Scan(SlotRig rig, Action<int> between)
    {
        List<string> keys = [];
        string cursor = "0";
        int step = 0;
        do
        {
            string reply = rig.Ask($"SCAN {cursor}");
            string[] words = (reply.Length > 0 ? reply : rig.Pass(300)).Split('~', StringSplitOptions.RemoveEmptyEntries);
            cursor = words[2];
            keys.AddRange(words.Skip(4).Where(static word => word[0] != '$'));
            between(step++);
        }
        while (cursor != "0");
        return keys;
    }

    private static SlotTable Table(params (int First, int Node)[] ranges)
    {
        short[] owners = new short[16384];
        foreach ((int first, int node) in ranges)
        {
            owners.AsSpan(first).Fill((short)node);
        }

        SlotTable table = new();
        table.Take(owners);
        return table;
    }

    private static ScanStep Step(SlotTable slots, ulong cursor)
    {
        Assert.True(ClusterCursor.TryParse(Encoding.ASCII.GetBytes(cursor.ToString(CultureInfo.InvariantCulture)), out ClusterCursor parsed));
        return new ScanStep(slots, parsed, static node => $"n{node}");
    }

    /// <summary>The nodes that a scan that is between two visits from now on, each of which it finishes in one step.</summary>
    private static List<int> Rest(SlotTable slots, ulong cursor)
    {
        List<int> visited = [];
        for (ScanStep step = Step(slots, cursor); !step.IsOver; step = Step(slots, cursor))
        {
            visited.Add(slots[step.Slot]);
            cursor = Next(slots, cursor);
        }

        return visited;
    }

    private static ulong Next(SlotTable slots, ulong cursor)
    {
        Assert.True(Step(slots, cursor).TryGoOn(0, out ulong next));
        return next;
    }
}
