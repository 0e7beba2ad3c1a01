using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Pipelining;

/// <summary>Once warm, no request allocates on the reactor's thread: the way of a request never waits for the garbage collector.</summary>
public sealed class AllocationTests
{
    private const int Requests = 2_000;
    private const int WarmUp = 5_000;

    private static readonly string Value = new('v', 32);
    private static readonly string Bulk = $"$32~{Value}~";

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(1, 50)]
    public void GetAndSet_OneServer_AllocateNothing(int pipeline, int clients)
    {
        using ProxyRig rig = new();
        string[] requests = Times(pipeline, ["GET key", $"SET key {Value}"]);
        string replies = string.Concat(Times(pipeline, [Bulk, "+OK~"]));

        AssertNothingAllocated(rig, new Traffic(rig, clients, requests, [replies], replies), requests.Length * clients);
    }

    [Fact]
    public void GetAndSet_FourServers_AllocateNothing()
    {
        using ProxyRig rig = new(servers: 4);
        string[] requests = [.. Enumerable.Range(0, 4).SelectMany(i => new[] { $"GET {rig.KeyOn(i)}", $"SET {rig.KeyOn(i)} {Value}" })];
        string ofOne = $"{Bulk}+OK~";

        AssertNothingAllocated(rig, new Traffic(rig, 10, requests, Times(4, [ofOne]), string.Concat(Times(4, [ofOne]))), requests.Length * 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Mget_OverFourServers_AllocatesNothing(int pipeline)
    {
        using ProxyRig rig = new(servers: 4);
        string keys = string.Join(' ', Enumerable.Range(0, 12).Select(i => rig.KeyOn(i % 4, i / 4)));
        string part = "*3~" + string.Concat(Times(3, [Bulk]));
        string whole = "*12~" + string.Concat(Times(12, [Bulk]));
        Traffic traffic = new(rig, 5, Times(pipeline, [$"MGET {keys}"]), Times(4, [string.Concat(Times(pipeline, [part]))]), string.Concat(Times(pipeline, [whole])));

        AssertNothingAllocated(rig, traffic, pipeline * 5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(1, 50)]
    public void Memcached_OneServer_AllocatesNothing(int pipeline, int clients)
    {
        using ProxyRig rig = new(change: Memcached);
        string requests = Repeat(pipeline, $"get key~set key 0 0 32~{Value}~mg key v q~ms key 32 q~{Value}~set key 0 0 32 noreply~{Value}~incr n 1~");
        string answers = Repeat(pipeline, $"VALUE key 0 32~{Value}~END~STORED~EN~HD~STORED~5~");
        string replies = Repeat(pipeline, $"VALUE key 0 32~{Value}~END~STORED~5~");

        AssertNothingAllocated(rig, new Traffic(rig, clients, RigSocket.Bytes(requests), [answers], replies), 6 * pipeline * clients);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void MemcachedGet_OverFourServers_AllocatesNothing(int pipeline)
    {
        using ProxyRig rig = new(servers: 4, change: Memcached);
        string[] keys = [.. Enumerable.Range(0, 12).Select(i => rig.KeyOn(i % 4, i / 4))];
        string[] values = [.. keys.Select(static key => $"VALUE {key} 0 32~{Value}~")];
        string[] parts = [.. Enumerable.Range(0, 4).Select(server => Repeat(pipeline, string.Concat(values.Where((_, i) => i % 4 == server)) + "END~"))];
        byte[] requests = RigSocket.Bytes(Repeat(pipeline, $"get {string.Join(' ', keys)}~"));

        AssertNothingAllocated(rig, new Traffic(rig, 5, requests, parts, Repeat(pipeline, string.Concat(values) + "END~")), pipeline * 5);
    }

    private static PoolConfig Memcached(PoolConfig config) => config with { Protocol = PoolProtocol.Memcached };

    private static string Repeat(int count, string text) => string.Concat(Enumerable.Repeat(text, count));

    private static void AssertNothingAllocated(ProxyRig rig, Traffic traffic, int requestsPerRound)
    {
        Send(WarmUp);
        Assert.NotEqual(0, rig.Allocated); // opening connections does: the measure works

        Assert.Equal(0, Allocations.Least(() => rig.Allocated, () => Send(Requests)));

        void Send(int count)
        {
            for (int sent = 0; sent < count; sent += requestsPerRound)
            {
                traffic.Round();
            }
        }
    }

    private static string[] Times(int count, string[] items) => [.. Enumerable.Repeat(items, count).SelectMany(static item => item)];
}
