using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pools;

/// <summary><c>max_buffers</c>: who sends is held, and who holds most is closed when holding does not help.</summary>
public class BufferGuardTests
{
    private const long MaxBuffers = 256 * 1024;

    [Fact]
    public void Exceeded_ForAMoment_HoldsAndServesLater()
    {
        using ProxyRig rig = new(maxBuffers: MaxBuffers);
        RigClient greedy = rig.Connect();
        RigClient other = rig.Connect();
        Fill(rig, greedy);

        other.Ask("GET b");
        Assert.DoesNotContain("GET", Sent(rig), StringComparison.Ordinal);

        greedy.Dispose();
        rig.Advance(40);
        Assert.EndsWith("GET~$1~b~", Sent(rig), StringComparison.Ordinal);
    }

    [Fact]
    public void Exceeded_ForASecond_ClosesTheLargestOnly()
    {
        using ProxyRig rig = new(maxBuffers: MaxBuffers);
        RigClient greedy = rig.Connect();
        RigClient other = rig.Connect();
        Fill(rig, greedy);
        other.Ask("GET b");

        rig.Advance(500);
        Assert.Equal(2, rig.State.ClientCount);

        rig.Advance(600);
        rig.Advance(40);
        Assert.Equal(1, rig.State.ClientCount);
        Assert.Equal(1, rig.State.Counters.FailuresOf(FailureKind.OutOfBuffers));
        Assert.Contains("max_buffers is used up", rig.Log, StringComparison.Ordinal);
        Assert.EndsWith("GET~$1~b~", Sent(rig), StringComparison.Ordinal);
    }

    /// <summary>An argument below the size that streams, whose end does not come: it has to be gathered.</summary>
    private static void Fill(ProxyRig rig, RigClient client)
    {
        byte[] begun = [.. "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1000000\r\n"u8, .. new byte[600_000]];
        for (int sent = 0; sent < begun.Length && !rig.State.Guard.IsExceeded; sent += 50_000)
        {
            Assert.True(client.TrySend(begun.AsSpan(sent, Math.Min(50_000, begun.Length - sent))));
            rig.Settle();
        }

        Assert.True(rig.State.Guard.IsExceeded);
    }

    private static string Sent(ProxyRig rig)
    {
        rig.Settle();
        return rig.Server.Connections.Count == 0 ? "" : rig.Server.Last.ReceiveText();
    }
}
