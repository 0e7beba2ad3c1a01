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
    private const int KillsInRound = 10;
    private const string KillsVariable = "KEYWAY_SMART_KILLS";

    /// <summary>
    /// The long versions: as many kills as <c>eng/check-smart</c> sets, some at a time with servers of their own, which would else take ever longer to come back.
    /// </summary>
    public static void InRounds(Action<int, Random> run)
    {
        Random random = new(Environment.TickCount);
        for (int left = int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? "100", CultureInfo.InvariantCulture); left > 0; left -= KillsInRound)
        {
            run(Math.Min(left, KillsInRound), random);
        }
    }

    /// <summary>Writers write while something is done to the servers and then Keyway is killed, again and again; in the end nothing may be missing.</summary>
    /// <param name="start">Starts Keyway.</param>
    /// <param name="port">Its port.</param>
    /// <param name="kills">How often it is killed.</param>
    /// <param name="random">Says when.</param>
    /// <param name="disturb">What is done to the servers, given the number of the kill.</param>
    /// <param name="owners">The servers that have all keys in the end.</param>
    public static void Run(Func<KeywayProcess> start, int port, int kills, Random random, Action<int> disturb, Func<RedisProcess[]> owners)
    {
        KeywayProcess? keyway = start();
        NumberWriter[] writers = StartWriters(port);
        try
        {
            for (int kill = 0; kill < kills; kill++)
            {
                AwaitProgress(writers);
                disturb(kill);
                Thread.Sleep(random.Next(100)); // the kill is to come at any moment of the writing
                keyway.Kill();
                keyway.Dispose();
                keyway = null;
                keyway = start();
            }

            AwaitProgress(writers);
            Finish(writers, port, "keyway_journal_pending");
            Check(writers, owners());
        }
        finally
        {
            Array.ForEach(writers, static writer => writer.Dispose());
            keyway?.Dispose();
        }
    }

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

    /// <summary>Every acknowledged number is there, and no key that has the last of some has one that is older than the last acknowledged.</summary>
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
            foreach (IGrouping<string, long> some in writer.Acknowledged.GroupBy(writer.LastKeyOf))
            {
                long last = long.Parse(places[some.Key].Call("GET", some.Key).Text!, CultureInfo.InvariantCulture);
                Assert.InRange(last, some.Max(), Math.Min(writer.Sent, (some.Max() / NumberWriter.Hundred * NumberWriter.Hundred) + NumberWriter.Hundred - 1));
            }
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
