using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Pipelining;

/// <summary>What a client costs that has asked once and then keeps its connection, as most of a web server's workers do.</summary>
[Collection(AloneCollection.Name)] // what other tests free meanwhile would be counted
public sealed class IdleClientTests
{
    private const int Clients = 10_000;
    private const int MostBytesEach = 1024;

    // The clients live in a process of their own: two descriptors each are more than one process may have.
    private const string Script = """
        import resource, signal, socket, sys
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        port, count = int(sys.argv[1]), int(sys.argv[2])
        clients = []
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", port), 10)
            client.sendall(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
            reply = b""
            while len(reply) < 12:
                reply += client.recv(64)
            clients.append(client)
        print("connected", flush=True)
        signal.pause()
        """;

    [Fact]
    public void IdleClients_TenThousand_CostAtMostAKibibyteEach()
    {
        using InProcessServer server = new();
        using (ConnectAll(server.Port, 100))
        {
            // Warm: buffers, tables, code.
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        using ChildProcess clients = ConnectAll(server.Port, Clients);
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;

        Assert.InRange(each, 1, MostBytesEach);
    }

    private static ChildProcess ConnectAll(int port, int count)
    {
        ChildProcess clients = ChildProcess.Start("python3", ["-c", Script, $"{port}", $"{count}"], Path.GetTempPath());
        try
        {
            clients.WaitUntil(() => clients.Log.Contains("connected", StringComparison.Ordinal), TimeSpan.FromSeconds(30), "connected");
            return clients;
        }
        catch
        {
            clients.Dispose();
            throw;
        }
    }
}
