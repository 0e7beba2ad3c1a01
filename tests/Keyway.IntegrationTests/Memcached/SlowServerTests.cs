using System.Diagnostics;
using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memcached;

/// <summary>A server that answers late, but answers: its keys wait, nobody else's do, and pipelining hides the distance.</summary>
[Collection(AloneCollection.Name)]
public sealed class SlowServerTests : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100); // each way
    private static readonly TimeSpan RoundTrip = 2 * Delay;

    private readonly MemcachedProcess[] _servers = [MemcachedProcess.Start(), MemcachedProcess.Start()];
    private readonly DelayRelayProcess _relay;
    private readonly int _port = FreePorts.Next();

    public SlowServerTests() => _relay = DelayRelayProcess.Start(_servers[1].Address, Delay);

    public void Dispose()
    {
        _relay.Dispose();
        Array.ForEach(_servers, static server => server.Dispose());
    }

    [Theory]
    [InlineData(ProxyRig.Epoll)]
    [InlineData(ProxyRig.Managed)]
    public void SlowServer_UnderLoad_DelaysItsOwnKeysAlone(string poller)
    {
        using var keyway = StartKeyway("timeout: 5000ms\n", poller);
        using var client = MemcachedClient.Connect(_port);
        using var other = MemcachedClient.Connect(_port);
        var (fast, slow) = KeysOf(client);

        // Many requests for the slow server at once: on their way together, they take little more than one.
        var clock = Stopwatch.StartNew();
        client.Send(string.Concat(Enumerable.Range(0, 200).Select(number => Set(slow, number) + $"get {slow} {fast}\r\n")));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("STORED", other.Set(fast, "f"));
            Assert.Equal("f", other.Get(fast));
        }

        var others = clock.Elapsed;
        for (var number = 0; number < 200; number++)
        {
            Assert.Equal("STORED", client.ReadLine());
            var (values, end) = client.ReadValues();
            Assert.Equal("END", end);
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{number:D4}"), values[slow]);
            Assert.Equal("f", values[fast]);
        }

        Assert.InRange(clock.Elapsed, RoundTrip, 25 * RoundTrip);
        Assert.True(others < 10 * RoundTrip, $"Requests for the other server took {others}.");
    }

    [Fact]
    public void SlowServer_BeyondTheTimeout_FailsAloneAndItsLateAnswersReachNobody()
    {
        using var keyway = StartKeyway("timeout: 150ms\nserver_retry_timeout: 50ms\n", ProxyRig.Epoll);
        using var client = MemcachedClient.Connect(_port);
        var (fast, slow) = KeysOf(client);

        for (var i = 0; i < 10; i++)
        {
            client.Send($"get {fast} {slow}\r\nset {slow} 0 0 4\r\nlate\r\n{Set(fast, i)}get {fast}\r\n");
            var (both, error) = client.ReadValues();
            Assert.StartsWith("SERVER_ERROR ", error);
            Assert.DoesNotContain(slow, both.Keys);
            Assert.StartsWith("SERVER_ERROR ", client.ReadLine());
            Assert.Equal("STORED", client.ReadLine());
            var (values, end) = client.ReadValues();
            Assert.Equal(("END", string.Create(CultureInfo.InvariantCulture, $"{i:D4}")), (end, values[fast]));
        }
    }

    private static string Set(string key, int number) => string.Create(CultureInfo.InvariantCulture, $"set {key} 0 0 4\r\n{number:D4}\r\n");

    private KeywayProcess StartKeyway(string settings, string poller) =>
        MemcachedRig.StartKeyway(_port, [_servers[0].Address, _relay.Address], settings, poller, threads: 1);

    /// <summary>A key of each server, both set if there was the time.</summary>
    private (string Fast, string Slow) KeysOf(MemcachedClient client)
    {
        using var near = _servers[0].Connect();
        string? fast = null;
        string? slow = null;
        for (var i = 0; fast is null || slow is null; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"key:{i}");
            _ = client.Set(key, "f");
            _ = near.Get(key) is null ? slow ??= key : fast ??= key;
        }

        return (fast, slow);
    }
}
