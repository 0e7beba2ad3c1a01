using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Random subscriptions and what comes between them, beside a redis-server of their own: every reply is the same.</summary>
public sealed class PubSubDifferentialTests(Rigs rigs) : IClassFixture<Rigs>
{
    private const int Commands = 600;

    private static readonly string[] Names = ["a", "b", "c", "d*"];

    private static readonly string[] Kinds = ["", "P", "S"];

    private static readonly string[][] Others =
    [
        ["PING"], ["PING", "text"], ["PING", "one", "two"], ["GET", "none"], ["GET"], ["CONFIG", "GET", "maxmemory"], ["CONFIG"], ["CONFIG", "NONSENSE"],
        ["NOSUCH", "x"], ["SUBSCRIBE"], ["SSUBSCRIBE"], ["PSUBSCRIBE"], ["PUBLISH", "x"], ["PUBLISH", "elsewhere", "y"], ["PUBSUB"], ["PUBSUB", "NONSENSE"], ["ECHO", "e"], ["RESET"],
    ];

    public static TheoryData<int, string, int> ShapesAndSeeds
    {
        get
        {
            var data = new TheoryData<int, string, int>();
            foreach (var row in Rigs.Shapes)
            {
                for (var seed = 1; seed <= 3; seed++)
                {
                    data.Add(row.Data.Item1, row.Data.Item2, seed);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ShapesAndSeeds))]
    public void RandomSession_InBothProtocols_IsAnsweredAlike(int servers, string poller, int seed)
    {
        var random = new Random(seed);
        using var redis = RedisProcess.Start();
        using var direct = redis.Connect();
        using var client = rigs.Get(servers, poller).Connect();
        var held = Kinds.ToDictionary(static kind => kind, static _ => new HashSet<string>());
        for (var i = 0; i < Commands; i++)
        {
            var command = Next(random, held, out var replies);
            direct.Send(command);
            client.Send(command);
            var expected = Read(direct, replies);
            var found = Read(client, replies);
            Assert.True(expected.SequenceEqual(found), $"{i}: {string.Join(' ', command)}: {string.Join(' ', found)} instead of {string.Join(' ', expected)}");
            if (random.Next(20) == 0 && held.Values.All(static names => names.Count == 0))
            {
                Assert.Equal(direct.Call("HELLO", "3").Type, client.Call("HELLO", "3").Type);
            }
        }
    }

    private static string[] Next(Random random, Dictionary<string, HashSet<string>> held, out int replies)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        string[] names = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Names[random.Next(Names.Length)])];
        switch (random.Next(6))
        {
            case 0 or 1:
                held[kind].UnionWith(names);
                replies = names.Length;
                return [kind + "SUBSCRIBE", .. names];
            case 2:
                held[kind].ExceptWith(names);
                replies = names.Length;
                return [kind + "UNSUBSCRIBE", .. names];
            case 3 when random.Next(3) == 0:
                replies = Math.Max(1, held[kind].Count);
                held[kind].Clear();
                return [kind + "UNSUBSCRIBE"];
            default:
                replies = 1;
                var other = Others[random.Next(Others.Length)];
                if (other[0] == "RESET")
                {
                    foreach (var all in held.Values)
                    {
                        all.Clear();
                    }
                }

                return other;
        }
    }

    /// <summary>Several replies to UNSUBSCRIBE come in any order of names, each with the count of its place: both are compared in order of their own.</summary>
    private static string[] Read(RespClient client, int count)
    {
        var replies = Enumerable.Range(0, count).Select(_ => client.ReadReply()).ToArray();
        if (count == 1 || replies[0].Items[0].Text!.Contains("unsubscribe", StringComparison.Ordinal) == false)
        {
            return [.. replies.Select(static reply => reply.ToString())];
        }

        var names = replies.Select(static reply => reply.Items[1].ToString()).Order(StringComparer.Ordinal);
        var counts = replies.Select(static reply => reply.Items[2].ToString());
        return [replies[0].Type.ToString(CultureInfo.InvariantCulture), .. names, .. counts];
    }
}
