using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Keyway.DelayRelay;

/// <summary>
/// Passes bytes on a fixed time after they came, however many are on their way: a long wire, not a narrow one. One thread with waits of nanosecond
/// resolution.
/// </summary>
/// <remarks>
/// On loopback connect() returns at once, while over a distance it takes a round trip. The client's first bytes are held back for that time instead.
/// </remarks>
internal sealed class Relay : IDisposable
{
    // How soon Stop is noticed when nothing else happens.
    private const long LongestWait = 50_000_000;

    private readonly Socket _listener;
    private readonly EndPoint _server;
    private readonly long _delay;
    private readonly List<RelayedConnection> _connections = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private Libc.PollDescriptor[] _descriptors = new Libc.PollDescriptor[64];
    private volatile bool _isStopped;

    public Relay(RelayOptions options)
    {
        _server = options.To;
        _delay = (long)options.Delay.TotalNanoseconds;
        _listener = NewSocket(options.Listen);
        _listener.Blocking = false;
        _listener.Bind(options.Listen);
        _listener.Listen(1024);
    }

    /// <summary>The address bound.</summary>
    public EndPoint LocalAddress => _listener.LocalEndPoint!;

    /// <summary>How precisely the delay was kept.</summary>
    public Lateness Lateness { get; } = new();

    /// <summary>Relays until <see cref="Stop"/>.</summary>
    public void Run()
    {
        Libc.WakeOnTime();
        while (!_isStopped)
        {
            var wait = Math.Min(ReleaseDue() - Now(), LongestWait);
            var descriptors = Wanted();
            Libc.Wait(descriptors, Math.Max(wait, 0));
            ReadAndFlush(descriptors);
            if (descriptors[0].Ready != 0)
            {
                Accept();
            }
        }
    }

    /// <summary>Ends <see cref="Run"/> soon; from any thread.</summary>
    public void Stop() => _isStopped = true;

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _listener.Dispose();
    }

    private static long Now() => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    private static Socket NewSocket(EndPoint address)
    {
        var isUnix = address.AddressFamily == AddressFamily.Unix;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (!isUnix)
        {
            socket.NoDelay = true;
        }

        return socket;
    }

    // Returns when the next bytes are due.
    private long ReleaseDue()
    {
        var next = long.MaxValue;
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            var connection = _connections[i];
            connection.Forth.Release(Now(), Lateness);
            connection.Back.Release(Now(), Lateness);
            if (connection.IsDone)
            {
                connection.Dispose();
                _connections.RemoveAt(i);
                continue;
            }

            next = Math.Min(next, Math.Min(connection.Forth.Due, connection.Back.Due));
        }

        return next;
    }

    // The listener, then the two sockets of each connection.
    private Span<Libc.PollDescriptor> Wanted()
    {
        var count = 1 + (2 * _connections.Count);
        if (_descriptors.Length < count)
        {
            Array.Resize(ref _descriptors, 2 * count);
        }

        _descriptors[0] = new Libc.PollDescriptor { Descriptor = (int)_listener.Handle, Wanted = Libc.PollIn };
        for (var i = 0; i < _connections.Count; i++)
        {
            var connection = _connections[i];
            _descriptors[1 + (2 * i)] = Wanted(connection.Forth, connection.Back);
            _descriptors[2 + (2 * i)] = Wanted(connection.Back, connection.Forth);
        }

        return _descriptors.AsSpan(0, count);
    }

    // A socket is the source of one flow and the receiver of the other.
    private static Libc.PollDescriptor Wanted(Flow source, Flow receiver)
    {
        var wanted = (source.WantsToRead ? Libc.PollIn : 0) | (receiver.IsBlocked ? Libc.PollOut : 0);
        // A negative descriptor is passed over: one that nothing is wanted of would still report that its peer is gone, again and again.
        return new Libc.PollDescriptor { Descriptor = wanted == 0 ? -1 : (int)source.From.Handle, Wanted = (short)wanted };
    }

    private void ReadAndFlush(ReadOnlySpan<Libc.PollDescriptor> descriptors)
    {
        for (var i = 0; i < _connections.Count; i++)
        {
            var connection = _connections[i];
            Serve(connection, connection.Forth, connection.Back, descriptors[1 + (2 * i)]);
            Serve(connection, connection.Back, connection.Forth, descriptors[2 + (2 * i)]);
        }
    }

    private void Serve(RelayedConnection connection, Flow source, Flow receiver, Libc.PollDescriptor descriptor)
    {
        if (descriptor.Ready == 0)
        {
            return;
        }

        if (source.WantsToRead)
        {
            source.Read(_buffer, Math.Max(Now(), connection.Established) + _delay);
        }

        if (receiver.IsBlocked)
        {
            receiver.Release(Now(), Lateness);
        }
    }

    private void Accept()
    {
        Socket? client = null;
        Socket? server = null;
        try
        {
            client = _listener.Accept();
            var established = Now() + (2 * _delay);
            client.Blocking = false;
            if (client.AddressFamily != AddressFamily.Unix)
            {
                client.NoDelay = true;
            }

            server = NewSocket(_server);
            server.Connect(_server);
            server.Blocking = false;
            _connections.Add(new RelayedConnection(client, server, established));
        }
        catch (SocketException)
        {
            // The client is gone already, or the server refuses: then the client is closed too.
            client?.Dispose();
            server?.Dispose();
        }
    }
}
