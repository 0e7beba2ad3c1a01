using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Keyway.Testing;

/// <summary>A server that does to each connection what the test's script says, so that faults come exactly where they are wanted.</summary>
public sealed class ScriptedServer : IDisposable
{
    internal static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(10);

    private readonly Action<ScriptedConnection> _script;
    private readonly Socket _listener;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly BlockingCollection<string[]> _requests = [];
    private volatile bool _stopped;
    private int _connections;

    /// <summary>Listens and runs <paramref name="script"/> on a thread of its own for each connection, which it closes at the end.</summary>
    public ScriptedServer(Action<ScriptedConnection> script, int? port = null)
    {
        _script = script;
        Port = port ?? FreePorts.Next();
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true, Name = $"scripted server {Port}" }.Start();
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The address as configuration files write it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>How many connections have been accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What scripts have thrown: a test that expects its script to come to its end asserts that this is empty.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>A server that answers each request with what <paramref name="reply"/> gives for it, null for nothing.</summary>
    public static ScriptedServer Answering(Func<string[], string?> reply, int? port = null) =>
        new(connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (reply(request) is { } text)
                {
                    connection.Write(text);
                }
            }
        }, port);

    /// <summary>The next request that any script has read, in order of arrival; throws when none comes in time.</summary>
    public string[] NextRequest() =>
        _requests.TryTake(out var request, WaitLimit) ? request : throw new TimeoutException("No request arrived.");

    /// <summary>Stops listening, so that new connections are refused; those that exist stay.</summary>
    public void StopListening()
    {
        _stopped = true;
        _listener.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        StopListening();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception exception) when (_stopped && exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            _sockets.Add(socket);
            var connection = new ScriptedConnection(socket, Interlocked.Increment(ref _connections) - 1, _requests.Add);
            new Thread(() => Run(connection)) { IsBackground = true, Name = $"scripted connection {connection.Index}" }.Start();
        }
    }

    private void Run(ScriptedConnection connection)
    {
        try
        {
            _script(connection);
        }
        catch (Exception exception) when (!_stopped)
        {
            _failures.Enqueue(exception);
        }
        catch (Exception)
        {
            // The test is over and has closed the socket under the script.
        }
        finally
        {
            connection.Close();
        }
    }
}
