using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>What the tests of smart mode that kill things have in common: the writers, and the look at what the servers have in the end.</summary>
internal static class SmartProof
{
    /// <summary>redis-server's arguments for one that has everything again after it was killed.</summary>
    public static readonly string[] Lasting = ["--appendonly", "yes", "--appendfsync", "no"];

    private const int Writers = 4;
    private const string KillsVariable = "KEYWAY_SMART_KILLS";

    /// <summary>How often the long versions kill; <c>eng/check-smart</c> sets it.</summary>
    public static int Kills => int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? "100", CultureInfo.InvariantCulture);

    public static NumberWriter[] StartWriters(int port) => [.. Enumerable.Range(0, Writers).Select(i => new NumberWriter(port, $"w{i}"))];

    /// <summary>Waits until every writer has got further.</summary>
    public static void AwaitProgress(NumberWriter[] writers)
    {
        long[] before = [.. writers.Select(static writer => writer.AcknowledgedCount)];
        Wait.Until(() => writers.Zip(before).All(static pair => pair.First.AcknowledgedCount > pair.Second + 50), "going on");
    }

    /// <summary>Ends the writers and waits until INFO's figure is 0.</summary>
    public static void Finish(NumberWriter[] writers, int port, string what)
    {
        Array.ForEach(writers, static writer => writer.Stop());
        Await(port, what);
    }

    public static void Await(int port, string what) => Wait.Until(() => Info(port, what) == 0, what + " at 0");

    /// <summary>A figure of INFO's section keyway.</summary>
    public static long Info(int port, string what)
    {
        using RespClient client = RespClient.Connect(port);
        string line = client.Call("INFO", "keyway").Text!.Split("\r\n").Single(line => line.StartsWith(what + ":", StringComparison.Ordinal));
        return long.Parse(line[(what.Length + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Every acknowledged number is there, and the key that has the last number has none that is older than the last acknowledged.</summary>
    public static void Check(NumberWriter[] writers, params RedisProcess[] servers)
    {
        RespClient[] clients = [.. servers.Select(static server => server.Connect())];
        Dictionary<string, RespClient> places = [];
        foreach (RespClient client in clients)
        {
            foreach (RespValue key in client.Call("KEYS", "*").Items)
            {
                places.Add(key.Text!, client);
            }
        }

        foreach (NumberWriter writer in writers)
        {
            List<long> missing = [.. writer.Acknowledged.Where(number => !places.ContainsKey(writer.KeyOf(number)))];
            Assert.Empty(missing);
            long last = long.Parse(places[writer.LastKey].Call("GET", writer.LastKey).Text!, CultureInfo.InvariantCulture);
            Assert.InRange(last, writer.Acknowledged[^1], writer.Sent);
        }

        Array.ForEach(clients, static client => client.Dispose());
    }

    /// <summary>Kills the server and starts it again, or stops it for a moment, or leaves it alone.</summary>
    /// <param name="server">The server.</param>
    /// <param name="how">0, 1, or anything else.</param>
    public static void Disturb(RedisProcess server, int how)
    {
        if (how == 0)
        {
            server.Kill();
            Thread.Sleep(100); // long enough for a backlog
            server.Restart();
        }
        else if (how == 1)
        {
            server.Stop();
            Thread.Sleep(400); // long enough for requests to be late
            server.Continue();
        }
    }
}
