using System.Net;
using System.Net.Sockets;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>A server that does nothing by itself.</summary>
internal sealed class RigServer : IDisposable
{
    private readonly List<RigServerConnection> _connections = [];
    private Socket? _listener;

    public RigServer(string path)
    {
        Path = path;
        Start();
    }

    /// <summary>A server at a TCP port of its own on loopback, for addresses that a cluster tells.</summary>
    public RigServer()
    {
        Path = "";
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    /// <summary>The unix socket's path; empty where there is none.</summary>
    public string Path { get; }

    /// <summary>The TCP port; 0 where there is none.</summary>
    public int Port { get; }

    /// <summary>Every connection so far, closed ones too, in order.</summary>
    public IReadOnlyList<RigServerConnection> Connections
    {
        get
        {
            while (_listener is not null && _listener.Poll(0, SelectMode.SelectRead))
            {
                _connections.Add(new RigServerConnection(_listener.Accept()));
            }

            return _connections;
        }
    }

    /// <summary>The newest connection.</summary>
    public RigServerConnection Last => Connections[^1];

    /// <summary>Listens again after <see cref="Stop"/>.</summary>
    public void Start()
    {
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
    }

    /// <summary>Breaks every connection and takes no more.</summary>
    public void Stop()
    {
        foreach (RigServerConnection connection in Connections)
        {
            connection.Dispose();
        }

        StopListening();
    }

    /// <summary>Takes no more connections; those that there are stay.</summary>
    public void StopListening()
    {
        _ = Connections;
        _listener?.Dispose();
        _listener = null;
        if (Path.Length > 0)
        {
            File.Delete(Path);
        }
    }

    public void Dispose() => Stop();
}
