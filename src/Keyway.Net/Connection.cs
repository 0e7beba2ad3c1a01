using System.Net;
using System.Net.Sockets;
using Keyway.Net.Buffers;
using Keyway.Net.Polling;

namespace Keyway.Net;

/// <summary>
/// A stream connection of one reactor: what both sides of the proxy have in common. Holds no buffer while it is idle:
/// input goes to the reactor's scratch buffer, and only an unfinished frame is kept.
/// </summary>
public abstract partial class Connection : PollTarget
{
    private NetSocket? _socket;
    private PollInterest _interest;
    private State _state = State.New;
    private bool _readPaused;
    private bool _endOfStream;
    private bool _hasPeerEnded; // seen while reading was paused
    private bool _writeBlocked;
    private bool _detached;

    /// <summary>Makes a connection without a socket; one of <see cref="Attach"/>, <see cref="Connect"/> or <see cref="AttachLocal"/> gives it one.</summary>
    /// <param name="reactor">The owner.</param>
    /// <param name="isServer">True for connections to servers, whose requests wait a little for company; false for clients, whose replies leave at once.</param>
    protected Connection(Reactor reactor, bool isServer)
    {
        Reactor = reactor;
        IsServer = isServer;
        Out = new OutputBuffer(reactor.Buffers);
    }

    private enum State : byte
    {
        New,
        Connecting,
        Open,
        Closed,
    }

    /// <summary>The reactor that owns the connection.</summary>
    public Reactor Reactor { get; }

    /// <summary>What waits to be sent. After writing, call <see cref="QueueFlush"/>.</summary>
    public OutputBuffer Out { get; }

    /// <summary>True once <see cref="Close"/> was called or the peer has gone.</summary>
    public bool IsClosed => _state == State.Closed;

    /// <summary>True while bytes can be exchanged.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>True when the peer will send nothing more.</summary>
    public bool IsEndOfStream => _endOfStream;

    /// <summary>
    /// True when the peer sends nothing more, also where what it sent before has not been read yet: it has closed its connection, or its half of it.
    /// While reading is paused not every poller can tell.
    /// </summary>
    public bool HasPeerEnded => _endOfStream || _hasPeerEnded;

    /// <summary>
    /// The peer's address, asked of the operating system; of a client on a unix socket, the path. Null without a socket.
    /// </summary>
    public EndPoint? RemoteEndPoint => IsClosed ? null : _socket?.RemoteEndPoint;

    /// <summary>This side's address, asked of the operating system. Null without a socket.</summary>
    public EndPoint? LocalEndPoint => IsClosed ? null : _socket?.LocalEndPoint;

    /// <summary>The operating system's number of the socket; -1 without one.</summary>
    public long SocketNumber => IsClosed || _socket is null ? -1 : _socket.Number;

    internal bool IsServer { get; }

    /// <summary>Takes over a client's socket. <see cref="OnClosed"/> is called at once when it cannot be watched.</summary>
    public void Attach(AcceptedSocket accepted, bool keepAlive)
    {
        _socket = accepted.Socket;
        _socket.IsOwned = true;
        _state = State.Open;
        Watch(PollInterest.Read, keepAlive);
    }

    /// <summary>Begins to connect. <see cref="OnConnected"/> follows, or <see cref="OnClosed"/> when it fails, also at once.</summary>
    public void Connect(EndPoint endPoint, bool keepAlive)
    {
        _state = State.Connecting;
        try
        {
            _socket = Reactor.Poller.Connect(endPoint);
        }
        catch (IOException e)
        {
            Close(e.Message);
            return;
        }

        Watch(PollInterest.Write, keepAlive);
    }

    /// <summary>Speaks to a peer in this process instead of a socket. <see cref="OnConnected"/> is called at once.</summary>
    public void AttachLocal(IByteService service)
    {
        _local = service;
        _answers = new OutputBuffer(Reactor.Buffers);
        _state = State.Open;
        OnConnected();
        QueueFlush();
    }

    /// <summary>Stops reading from the peer (back-pressure) until <see cref="ResumeReading"/>.</summary>
    public void PauseReading()
    {
        _readPaused = true;
        UpdateInterest();
    }

    /// <summary>
    /// Reads again. Bytes kept meanwhile are offered to <see cref="OnBytes"/> again at the end of this wake-up, before anything is flushed.
    /// </summary>
    public void ResumeReading()
    {
        if (!_readPaused || IsClosed)
        {
            return;
        }

        _readPaused = false;
        Reactor.QueueResume(this);
    }

    /// <summary>True between <see cref="PauseReading"/> and <see cref="ResumeReading"/>.</summary>
    public bool IsReadPaused => _readPaused;

    /// <summary>Closes at once; unsent output is lost. <see cref="OnClosed"/> is called the first time.</summary>
    /// <param name="reason">Why, for logs and errors.</param>
    public void Close(string reason)
    {
        if (_state == State.Closed)
        {
            return;
        }

        _state = State.Closed;
        if (_socket is not null)
        {
            Reactor.Poller.Remove(this, _socket);
            _socket.Close();
        }

        _local?.Close();
        try
        {
            OnClosed(reason);
        }
        finally
        {
            Out.Clear();
            _answers?.Clear();
            DropUnfinished();
        }
    }

    /// <summary>The connection is established. Output written before is sent after this returns.</summary>
    protected virtual void OnConnected()
    {
    }

    /// <summary>
    /// Bytes have come, or came earlier and were not consumed. The last ones may be an unfinished frame.
    /// </summary>
    /// <returns>How many were consumed; the rest is kept and offered again, with more behind it.</returns>
    protected abstract int OnBytes(ReadOnlySpan<byte> bytes);

    /// <summary>The peer will send nothing more; all its bytes have been offered. By default the connection is closed.</summary>
    protected virtual void OnEndOfStream() => Close("connection closed by peer");

    /// <summary><see cref="HasPeerEnded"/> has become true while reading is paused. What came before is read when reading is resumed, and <see cref="OnEndOfStream"/> follows then.</summary>
    protected virtual void OnPeerEnded()
    {
    }

    /// <summary>The connection has ended. Called once.</summary>
    protected abstract void OnClosed(string reason);

    /// <summary>Some output has been taken by the kernel.</summary>
    protected virtual void OnSent()
    {
    }

    internal override void OnReady(PollEvents events)
    {
        if (_state == State.Connecting)
        {
            CompleteConnect();
            return;
        }

        if ((events & PollEvents.Writable) != 0)
        {
            _writeBlocked = false;
            if (Out.IsEmpty)
            {
                UpdateInterest();
            }
            else
            {
                Send();
            }
        }

        if (_state == State.Open && (events & (PollEvents.Readable | PollEvents.Hangup | PollEvents.End)) != 0)
        {
            if (_readPaused || _endOfStream)
            {
                OnEventWhilePaused(events);
            }
            else
            {
                Receive();
            }
        }
    }

    private void Watch(PollInterest interest, bool keepAlive)
    {
        _interest = interest;
        try
        {
            _socket!.Configure(keepAlive);
            Reactor.Poller.Add(this, _socket, interest);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Close(e.Message);
        }
    }

    private void CompleteConnect()
    {
        string? error = _socket!.ConnectError();
        if (error is not null)
        {
            Close(error);
            return;
        }

        _state = State.Open;
        OnConnected();
        if (!IsClosed)
        {
            UpdateInterest();
            QueueFlush();
        }
    }

    /// <summary>A hang-up is reported for ever, whatever the interest: after the end of input nobody reads our output; before it, input still waits.</summary>
    private void OnEventWhilePaused(PollEvents events)
    {
        bool isHangup = (events & PollEvents.Hangup) != 0;
        if (_endOfStream)
        {
            if (isHangup)
            {
                Close("connection closed by peer");
            }

            return;
        }

        bool isNews = !_hasPeerEnded && (events & (PollEvents.Hangup | PollEvents.End)) != 0;
        _hasPeerEnded |= isNews;
        if (isHangup)
        {
            Reactor.Poller.Remove(this, _socket!);
            _detached = true;
        }
        else
        {
            UpdateInterest();
        }

        if (isNews)
        {
            OnPeerEnded();
        }
    }

    private void UpdateInterest()
    {
        if (_state != State.Open || _socket is null)
        {
            return;
        }

        PollInterest interest = ReadInterest() | (_writeBlocked ? PollInterest.Write : PollInterest.None);
        if (_detached)
        {
            if (interest != PollInterest.None)
            {
                _detached = false;
                _interest = interest;
                Reactor.Poller.Add(this, _socket, interest);
            }
        }
        else if (interest != _interest)
        {
            _interest = interest;
            Reactor.Poller.Change(this, _socket, interest);
        }
    }

    private PollInterest ReadInterest()
    {
        if (_endOfStream)
        {
            return PollInterest.None;
        }

        if (!_readPaused)
        {
            return PollInterest.Read;
        }

        return _hasPeerEnded ? PollInterest.None : PollInterest.End;
    }
}
