using System.Net;
using System.Net.Sockets;

namespace Keyway.Net.Polling;

/// <summary>
/// The portable poller: <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, int)"/> over
/// managed sockets. For developers on macOS and Windows; its cost grows with the number of sockets.
/// </summary>
internal sealed class ManagedPoller : Poller
{
    private readonly Dictionary<Socket, Watch> _watches = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private readonly List<Socket> _broken = [];
    private readonly Dictionary<Socket, PollEvents> _events = [];
    private readonly byte[] _drain = new byte[64];
    private readonly Socket _wake;
    private int _woken;

    internal ManagedPoller()
    {
        // A UDP socket connected to itself: the portable stand-in for an eventfd. It takes datagrams from nobody else.
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
    }

    public override string Name => "managed";

    public override void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            try
            {
                _ = _wake.Send([1], SocketFlags.None, out _);
            }
            catch (ObjectDisposedException)
            {
                // The reactor has ended: nobody is left to be woken.
            }
        }
    }

    public override void Dispose() => _wake.Dispose();

    internal override NetSocket Listen(EndPoint endPoint, ListenOptions options) => ManagedSocket.Listen(endPoint, options);

    internal override NetSocket Connect(EndPoint endPoint) => ManagedSocket.Connect(endPoint);

    internal override void Add(PollTarget target, NetSocket socket, PollInterest interest)
    {
        target.PollSlot = 0;
        _watches[((ManagedSocket)socket).Socket] = new Watch(target, interest);
    }

    internal override void Change(PollTarget target, NetSocket socket, PollInterest interest) =>
        _watches[((ManagedSocket)socket).Socket] = new Watch(target, interest);

    internal override void Remove(PollTarget target, NetSocket socket)
    {
        if (target.PollSlot >= 0)
        {
            _watches.Remove(((ManagedSocket)socket).Socket);
            target.PollSlot = -1;
        }
    }

    internal override int Wait(int milliseconds, IPollObserver observer)
    {
        FillLists();
        Socket.Select(_readable, _writable, _broken, milliseconds < 0 ? -1 : (int)Math.Min(milliseconds * 1000L, int.MaxValue));
        observer.OnWake();
        CollectEvents();
        foreach ((Socket socket, PollEvents events) in _events)
        {
            if (_watches.TryGetValue(socket, out Watch watch))
            {
                observer.OnReady(watch.Target, events);
            }
        }

        return _events.Count;
    }

    private void FillLists()
    {
        _readable.Clear();
        _writable.Clear();
        _broken.Clear();
        _readable.Add(_wake);
        foreach ((Socket socket, Watch watch) in _watches)
        {
            if ((watch.Interest & PollInterest.Read) != 0)
            {
                _readable.Add(socket);
            }

            if ((watch.Interest & PollInterest.Write) != 0)
            {
                _writable.Add(socket);

                // Windows reports a failed connect here and nowhere else.
                _broken.Add(socket);
            }
        }
    }

    private void CollectEvents()
    {
        _events.Clear();
        foreach (Socket socket in _readable)
        {
            if (socket == _wake)
            {
                _ = _wake.Receive(_drain, SocketFlags.None, out _);
                _ = Interlocked.Exchange(ref _woken, 0); // a full fence: see EpollPoller
                continue;
            }

            _events[socket] = PollEvents.Readable;
        }

        foreach (Socket socket in _writable)
        {
            _events[socket] = _events.GetValueOrDefault(socket) | PollEvents.Writable;
        }

        foreach (Socket socket in _broken)
        {
            _events[socket] = _events.GetValueOrDefault(socket) | PollEvents.Hangup;
        }
    }

    private readonly record struct Watch(PollTarget Target, PollInterest Interest);
}
