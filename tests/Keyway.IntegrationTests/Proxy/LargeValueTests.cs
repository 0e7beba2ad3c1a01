using System.Diagnostics;
using System.Globalization;
using System.Text;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Values of many megabytes pass unchanged, do not hold up the neighbours' small requests, and leave memory bounded.</summary>
public sealed class LargeValueTests
{
    private const int Size = 64 << 20;

    /// <summary>The parts of a split MGET are gathered, and what was merged waits for the client.</summary>
    private const long MostResident = 640L << 20;

    /// <summary>A request streams: an idle process, a server's output and little more.</summary>
    private const long MostResidentOfSet = 160L << 20;

    [Theory]
    [InlineData(1, ProxyRig.Epoll)]
    [InlineData(4, ProxyRig.Epoll)]
    [InlineData(4, ProxyRig.Managed)]
    public async Task Values_Of64MiB_PassUnchangedWhileNeighboursAreServed(int servers, string poller)
    {
        using var rig = ProxyRig.Start(servers, "timeout: 20s", poller);
        using var client = rig.Connect(TimeSpan.FromSeconds(20));
        var value = RandomValue(Size);
        using var stop = new CancellationTokenSource();
        var neighbours = Enumerable.Range(0, 2).Select(number => Task.Run(() => AskSmall(rig, number, stop.Token))).ToArray();

        Assert.Equal("+OK", Call(client, "SET", "large", value).ToString());
        Same(value, client.Call("GET", "large"));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $":{Size + (1 << 20)}"), Call(client, "APPEND", "large", value.AsMemory(0, 1 << 20)).ToString());
        Assert.Equal("+OK", Call(client, "SET", "large", value).ToString());
        Assert.Equal("+OK", Call(client, "SET", "other", value.AsMemory(0, 8 << 20)).ToString());

        var several = client.Call("MGET", "none", "other", "large", "none", "other");
        Assert.Equal(5, several.Items.Count);
        Same(value.AsSpan(0, 8 << 20), several.Items[1]);
        Same(value, several.Items[2]);
        Same(value.AsSpan(0, 8 << 20), several.Items[4]);
        Assert.True(several.Items[0].IsNull && several.Items[3].IsNull);

        await stop.CancelAsync();
        var slowest = (await Task.WhenAll(neighbours)).Max();
        var resident = rig.Keyway.Process.ResidentBytes;
        TestContext.Current.TestOutputHelper!.WriteLine($"slowest small request {slowest.TotalMilliseconds:F0} ms, resident {resident >> 20} MiB");

        // Its server connection carries the large value too: the bound is for a busy machine, the figure above is what to look at.
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(resident, 0, MostResident);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Set_Of64MiB_TakesLittleMemory(int servers)
    {
        using var rig = ProxyRig.Start(servers, "timeout: 20s");
        using var client = rig.Connect(TimeSpan.FromSeconds(20));
        var value = RandomValue(Size);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("+OK", Call(client, "SET", "large", value).ToString());
        }

        var resident = rig.Keyway.Process.ResidentBytes;
        TestContext.Current.TestOutputHelper!.WriteLine($"resident {resident >> 20} MiB");
        Assert.InRange(resident, 0, MostResidentOfSet);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Values_OfManySizesAroundEveryBuffer_PassUnchanged(int servers)
    {
        using var rig = ProxyRig.Start(servers);
        using var client = rig.Connect();
        var all = RandomValue(2 << 20);

        foreach (var size in new[] { 0, 1, 500, 511, 512, 513, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 100_000, 131_072, 1 << 20, 2 << 20 })
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"key{size}");
            Assert.Equal("+OK", Call(client, "SET", key, all.AsMemory(0, size)).ToString());
            Same(all.AsSpan(0, size), client.Call("GET", key));
            Same(all.AsSpan(0, size), client.Call("MGET", "none", key).Items[1]);
            Same(all.AsSpan(0, size), Call(client, "ECHO", all.AsMemory(0, size)));
        }
    }

    private static TimeSpan AskSmall(ProxyRig rig, int number, CancellationToken stop)
    {
        using var client = rig.Connect(TimeSpan.FromSeconds(20));
        var slowest = TimeSpan.Zero;
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var key = string.Create(CultureInfo.InvariantCulture, $"small:{number}:{i % 16}");
            Assert.Equal("+OK", client.Call("SET", key, key).ToString());
            Assert.Equal("$" + key, client.Call("GET", key).ToString());
            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
        }

        return slowest;
    }

    private static byte[] RandomValue(int size)
    {
        var value = new byte[size];
        new Random(2).NextBytes(value);
        return value;
    }

    private static RespValue Call(RespClient client, string command, string key, ReadOnlyMemory<byte> value)
    {
        client.SendRaw($"*3\r\n${command.Length}\r\n{command}\r\n${key.Length}\r\n{key}\r\n${value.Length}\r\n");
        return Finish(client, value);
    }

    private static RespValue Call(RespClient client, string command, ReadOnlyMemory<byte> value)
    {
        client.SendRaw($"*2\r\n${command.Length}\r\n{command}\r\n${value.Length}\r\n");
        return Finish(client, value);
    }

    private static RespValue Finish(RespClient client, ReadOnlyMemory<byte> value)
    {
        // While it is sent the reply may come already, in part: an ECHO is answered only when it is whole.
        client.SendRaw(value.Span);
        client.SendRaw("\r\n"u8);
        return client.ReadReply();
    }

    private static void Same(ReadOnlySpan<byte> expected, RespValue actual)
    {
        Assert.Equal('$', actual.Type);
        Assert.True(expected.SequenceEqual(Encoding.Latin1.GetBytes(actual.Text!)), "the value has changed");
    }
}
