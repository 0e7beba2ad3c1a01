using System.Net;
using System.Net.Sockets;
using Keyway.Net.Polling;
using Keyway.Net.Timers;

namespace Keyway.Net;

/// <summary>A listening socket. Accepts on its reactor's thread and hands each connection to a delegate.</summary>
public sealed class Listener : PollTarget, IDisposable
{
    private const int MostPerWakeUp = 64; // so that a storm of connections does not starve those that are served
    private const int StallMilliseconds = 100;

    private readonly Reactor _reactor;
    private readonly NetSocket _socket;
    private readonly Action<AcceptedSocket> _accepted;
    private readonly ActionTimer _retry;
    private readonly string? _unixPath;
    private bool _closed;

    /// <summary>Binds and listens; nothing is accepted before <see cref="Start"/>.</summary>
    /// <exception cref="IOException">The address cannot be listened on; the message says why.</exception>
    public Listener(Reactor reactor, EndPoint endPoint, ListenOptions options, Action<AcceptedSocket> accepted)
    {
        _reactor = reactor;
        _accepted = accepted;
        _retry = new ActionTimer(() => _reactor.Poller.Change(this, _socket!, PollInterest.Read));
        if (endPoint is UnixDomainSocketEndPoint)
        {
            _unixPath = endPoint.ToString();
            UnixSocketFile.RemoveStale(_unixPath!);
        }

        _socket = reactor.Poller.Listen(endPoint, options);
        Address = _unixPath ?? _socket.LocalEndPoint.ToString()!;
    }

    /// <summary>Where clients connect: <c>host:port</c> with the real port, or a path.</summary>
    public string Address { get; }

    /// <summary>Begins to accept. On the reactor's thread, or before it runs.</summary>
    public void Start() => _reactor.Poller.Add(this, _socket, PollInterest.Read);

    /// <summary>Stops listening and removes a unix socket's file. On the reactor's thread, or when it has ended.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _reactor.Timers.Cancel(_retry);
        _reactor.Poller.Remove(this, _socket);
        _socket.Close();
        if (_unixPath is not null)
        {
            File.Delete(_unixPath);
        }
    }

    internal override void OnReady(PollEvents events)
    {
        for (int i = 0; i < MostPerWakeUp && !_closed; i++)
        {
            NetSocket? client = _socket.Accept(out AcceptFailure failure);
            if (client is not null)
            {
                HandOver(client);
            }
            else if (failure == AcceptFailure.OutOfResources)
            {
                Stall();
                return;
            }
            else if (failure == AcceptFailure.None)
            {
                return;
            }
        }
    }

    private void HandOver(NetSocket client)
    {
        try
        {
            _accepted(new AcceptedSocket(client));
        }
        catch (Exception e)
        {
            _reactor.Observer.OnFault(e);
            if (!client.IsOwned)
            {
                client.Close();
            }
        }
    }

    /// <summary>The socket stays readable: without a pause the reactor would spin, and without a timer it would never accept again.</summary>
    private void Stall()
    {
        _reactor.Observer.OnAcceptStalled(Address);
        _reactor.Poller.Change(this, _socket, PollInterest.None);
        _reactor.Timers.Set(_retry, _reactor.Now + StallMilliseconds);
    }
}
