using System.Net.Sockets;

namespace Keyway.DelayRelay;

/// <summary>A client's connection and the one to the server.</summary>
internal sealed class RelayedConnection : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server;

    public RelayedConnection(Socket client, Socket server, long established)
    {
        _client = client;
        _server = server;
        Established = established;
        Forth = new Flow(client, server);
        Back = new Flow(server, client);
    }

    /// <summary>When a client at that distance would know that it is connected; nothing is sent before.</summary>
    public long Established { get; }

    /// <summary>From the client to the server.</summary>
    public Flow Forth { get; }

    /// <summary>From the server to the client.</summary>
    public Flow Back { get; }

    public bool IsDone => Forth.IsDone && Back.IsDone;

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }
}
