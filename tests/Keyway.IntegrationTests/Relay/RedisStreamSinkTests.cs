using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Testing;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.RedisStream;

namespace Keyway.IntegrationTests.Relay;

public sealed class RedisStreamSinkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Records_BecomeEntries_InOrder_WithPasswordAndDatabase()
    {
        using RedisProcess redis = RedisProcess.Start("--requirepass", "se cret");
        await using RedisStreamSink sink = Open(redis, ":se%20cret@", "/2");

        SinkRecord[] records = [.. Enumerable.Range(0, 1000).Select(static i => Record(i, new string('x', i * 7) + i))];
        Assert.Same(SinkResult.Ok, await sink.SendAsync(records, TestContext.Current.CancellationToken));

        using RespClient client = redis.Connect();
        client.Call("AUTH", "se cret");
        client.Call("SELECT", "2");
        IReadOnlyList<RespValue> entries = client.Call("XRANGE", "events", "-", "+").Items;
        Assert.Equal(1000, entries.Count);
        Assert.Equal(new string('x', 999 * 7) + 999, entries[999].Items[1].Items[1].Text);
    }

    [Fact]
    public async Task AUnixSocket_IsReachedByItsPath()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("keyway redis-");
        string path = Path.Combine(directory.FullName, "redis.sock");
        using (RedisProcess redis = RedisProcess.Start("--unixsocket", path))
        {
            await using RedisStreamSink sink = new(RedisAddress.Parse(new Uri("unix://" + path))!, "events", Limit);

            Assert.Same(SinkResult.Ok, await sink.SendAsync([Record(1, "a")], TestContext.Current.CancellationToken));

            using RespClient client = redis.Connect();
            Assert.Equal(":1", client.Call("XLEN", "events").ToString());
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task AServerThatRestarts_IsConnectedToAgain()
    {
        using RedisProcess redis = RedisProcess.Start();
        await using RedisStreamSink sink = Open(redis);
        Assert.Same(SinkResult.Ok, await sink.SendAsync([Record(1, "a")], TestContext.Current.CancellationToken));

        redis.Kill();
        Assert.Equal(SinkVerdict.Retry, (await sink.SendAsync([Record(2, "b")], TestContext.Current.CancellationToken)).Verdict);
        redis.Restart();

        Assert.Same(SinkResult.Ok, await sink.SendAsync([Record(2, "b")], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhatTheServerRefuses_IsTriedAgainOrParked()
    {
        using RedisProcess redis = RedisProcess.Start();
        using RespClient client = redis.Connect();
        await using RedisStreamSink sink = Open(redis);

        client.Call("SET", "events", "text");
        Assert.Equal(SinkVerdict.Parked, (await sink.SendAsync([Record(1, "a")], TestContext.Current.CancellationToken)).Verdict);
        client.Call("DEL", "events");
        client.Call("CONFIG", "SET", "maxmemory", "1");

        SinkResult full = await sink.SendAsync([Record(1, "a"), Record(2, "b")], TestContext.Current.CancellationToken);
        Assert.Equal(SinkVerdict.Accepted, full.Verdict);
        Assert.Equal([(0, true), (1, true)], full.Failed.Select(static failed => (failed.Index, failed.IsThrottled)));
    }

    private static SinkRecord Record(int id, string text) => new(Encoding.UTF8.GetBytes(text), id, DateTimeOffset.UnixEpoch);

    private static RedisStreamSink Open(RedisProcess redis, string user = "", string path = "") =>
        new(RedisAddress.Parse(new Uri($"redis://{user}127.0.0.1:{redis.Port}{path}"))!, "events", Limit);
}
