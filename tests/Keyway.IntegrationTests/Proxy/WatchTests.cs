using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>WATCH on real servers.</summary>
public sealed class WatchTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    /// <summary>Dialogues of one client; what begins with a ! is another client's.</summary>
    public static TheoryData<int, string, string> Dialogues
    {
        get
        {
            TheoryData<int, string, string> data = [];
            foreach (var shape in Rigs.Shapes)
            {
                foreach (var dialogue in new[]
                {
                    "SET a 1|WATCH a|GET a|MULTI|INCR a|EXEC|GET a",
                    "SET a 1|WATCH a|GET a|!SET a 5|MULTI|INCR a|EXEC|GET a",
                    "WATCH a|SET a 1|MULTI|INCR a|EXEC|GET a",
                    "WATCH a|MULTI|!SET a 5|INCR a|EXEC|GET a",
                    "WATCH a|!SET a 5|UNWATCH|MULTI|INCR a|EXEC",
                    "WATCH a|!SET a 5|MULTI|DISCARD|MULTI|INCR a|EXEC",
                    "WATCH a|!SET a 5|MULTI|GET|EXEC|MULTI|INCR a|EXEC",
                    "WATCH a|WATCH a|!SET a 5|MULTI|EXEC|MULTI|EXEC",
                    "WATCH a|!SET a 5|MULTI|INCR a|EXEC|WATCH a|MULTI|INCR a|EXEC",
                    "WATCH a|!SET a 5|RESET|MULTI|INCR a|EXEC",
                    "WATCH a|SELECT 3|!SET a 5|MULTI|INCR a|EXEC|GET a|SELECT 0|GET a",
                    "SELECT 3|WATCH a|SELECT 0|SET a 1|MULTI|INCR a|EXEC|SELECT 3|GET a",
                    "WATCH a|BLPOP b 0.01|MULTI|INCR a|EXEC",
                    "WATCH a|HELLO 3|MULTI|HSET a f v|HGETALL a|EXEC",
                })
                {
                    var (servers, poller) = ((int, string))shape.Data;
                    data.Add(servers, poller, dialogue);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Dialogues))]
    public void Dialogue_OfTwoClients_IsAsDirect(int servers, string poller, string dialogue)
    {
        var rig = rigs.Get(servers, poller);
        var expected = Play(rig.Servers[0].Connect, dialogue);
        rig.Clear();

        Assert.Equal(expected, Play(() => rig.Connect(), dialogue));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Increment_ByManyClientsWithWatch_LosesNothing(int servers, string poller)
    {
        const int Clients = 6;
        const int Rounds = 50;
        var rig = rigs.Get(servers, poller);
        Wait.ForAll(Enumerable.Range(0, Clients).Select<int, Action>(_ => () =>
        {
            using var client = rig.Connect();
            for (var done = 0; done < Rounds;)
            {
                client.Call("WATCH", "n");
                var value = client.Call("GET", "n");
                var next = (value.IsNull ? 0 : int.Parse(value.Text!, CultureInfo.InvariantCulture)) + 1;
                client.Call("MULTI");
                client.Call("SET", "n", next.ToString(CultureInfo.InvariantCulture));
                done += client.Call("EXEC").IsNull ? 0 : 1;
            }
        }));

        using var reader = rig.Connect();
        Assert.Equal($"${Clients * Rounds}", reader.Call("GET", "n").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Client_GoneAfterWatch_LeavesNothingToTheNext(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        for (var i = 0; i < 20; i++)
        {
            using var first = rig.Connect();
            Assert.Equal("+OK", first.Call("WATCH", "a").ToString());
            first.Reset();
            using var second = rig.Connect();
            second.Call("WATCH", "b");
            second.Call("SET", "a", "1");
            second.Call("MULTI");
            second.Call("SET", "b", "1");
            Assert.Equal("*[+OK]", second.Call("EXEC").ToString());
        }
    }

    private static string[] Play(Func<RespClient> connect, string dialogue)
    {
        using var client = connect();
        using var other = connect();
        return [.. dialogue.Split('|').Select(request => request[0] == '!' ? other.Call(request[1..].Split(' ')) : client.Call(request.Split(' '))).Select(static reply => reply.Type == '%' ? "hello" : reply.ToString())];
    }
}
