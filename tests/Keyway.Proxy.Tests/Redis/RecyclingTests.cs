using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>
/// Requests and split commands are used again and again: whatever happens in whatever order, every client gets the replies to what it asked,
/// in order, or errors of Keyway's in their places.
/// </summary>
public sealed class RecyclingTests
{
    private const int Steps = 2_000;
    private const int Clients = 4;
    private const int Servers = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Interleavings_OfRandomSteps_MixNothingUp(int seed)
    {
        Random random = new(seed);
        using ProxyRig rig = new(Servers, static config => config with { Timeout = TimeSpan.FromMilliseconds(100), ServerFailureLimit = int.MaxValue });
        string[] keys = [.. Enumerable.Range(0, 12).Select(i => rig.KeyOn(i % Servers, i / Servers))];
        EchoServer[] servers = [.. rig.Servers.Select(static server => new EchoServer(server))];
        AskingClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new AskingClient(rig.Connect()))];
        int answered = 0;
        for (int step = 0; step < Steps; step++)
        {
            int client = random.Next(Clients);
            switch (random.Next(100))
            {
                case < 45:
                    clients[client].Ask(random, keys);
                    break;
                case < 85:
                    servers[random.Next(Servers)].AnswerSome(random);
                    break;
                case < 90:
                    rig.Advance(random.Next(30));
                    break;
                case < 94:
                    clients[client].Leave();
                    clients[client] = new AskingClient(rig.Connect());
                    break;
                case < 96:
                    servers[random.Next(Servers)].Break();
                    break;
                default:
                    rig.Turn();
                    break;
            }

            answered += clients.Sum(static client => client.Check());
        }

        foreach (EchoServer server in servers)
        {
            server.AnswerAll();
        }

        rig.Advance(1000);
        answered += clients.Sum(static client => client.Check());

        Assert.All(clients, static client => Assert.Equal(0, client.Awaited));
        Assert.True(answered > Steps / 4, $"{answered} answers only");
        Assert.Equal(Clients, rig.State.ClientCount);
        Assert.All(rig.State.Clients, static client => Assert.Equal(0, client.Backlog));
        Assert.Equal(0, rig.State.Reactor.Buffers.InUse);
    }
}
