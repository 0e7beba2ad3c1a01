using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>What a client has queued since MULTI. At EXEC it goes to its server as one block, whose adjacency makes it atomic also on a shared connection.</summary>
/// <param name="buffers">Where the requests are kept.</param>
/// <param name="respVersion">The client's at MULTI.</param>
internal sealed class Transaction(BufferPool buffers, int respVersion)
{
    private readonly OutputBuffer _queued = new(buffers);
    private List<OwnCommand>? _own;
    private int _sent; // requests in _queued
    private long _ownLength;

    /// <summary>What places its keys, as <see cref="PoolState.Locate"/> gives it, once one has been queued.</summary>
    internal int? Place { get; set; }

    /// <summary>True once a command was not accepted: EXEC discards it.</summary>
    internal bool IsAborted { get; private set; }

    /// <summary>How many commands were queued.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes of its requests.</summary>
    internal long Length => _queued.Length + _ownLength;

    /// <summary>The commands that Keyway does itself; null if there are none.</summary>
    internal IReadOnlyList<OwnCommand>? Own => _own;

    /// <summary>True if it leaves its connection in another database or version: it cannot be one that others use.</summary>
    internal bool ChangesConnection { get; private set; }

    /// <summary>True if what it sets stays with the connection (CLIENT TRACKING): its client keeps it.</summary>
    internal bool NeedsDedicated { get; set; }

    /// <summary>2 or 3, as it will be behind the commands queued so far.</summary>
    internal int RespVersion { get; private set; } = respVersion;

    /// <summary>Queues a request.</summary>
    internal void Add(ReadOnlySpan<byte> frame)
    {
        if (!IsAborted)
        {
            _queued.Write(frame);
            _sent++;
            Count++;
        }
    }

    /// <summary>Queues a request that Keyway answers.</summary>
    internal void AddOwn(CommandInfo command, ReadOnlySpan<byte> frame)
    {
        if (!IsAborted)
        {
            KeepOwn(command, frame, isSent: false);
        }
    }

    /// <summary>Queues a SELECT: the server changes the database for what follows, and Keyway for what comes after.</summary>
    internal void AddSelect(CommandInfo command, ReadOnlySpan<byte> frame)
    {
        if (!IsAborted)
        {
            KeepOwn(command, frame, isSent: true);
            _queued.Write(frame);
            ChangesConnection = true;
        }
    }

    /// <summary>Queues a HELLO; if it changes the version, the server gets one too.</summary>
    /// <param name="command">The command.</param>
    /// <param name="frame">The client's request, which may have a password and a name.</param>
    /// <param name="version">2 or 3; 0 if it will be answered with an error or changes nothing.</param>
    internal void AddHello(CommandInfo command, ReadOnlySpan<byte> frame, int version)
    {
        if (IsAborted)
        {
            return;
        }

        bool changes = version != 0 && version != RespVersion;
        KeepOwn(command, frame, changes);
        if (changes)
        {
            _queued.Write(version == 3 ? "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n"u8 : "*2\r\n$5\r\nHELLO\r\n$1\r\n2\r\n"u8);
            RespVersion = version;
            ChangesConnection = true;
        }
    }

    /// <summary>Nothing of it will be executed.</summary>
    internal void Abort()
    {
        IsAborted = true;
        _queued.Clear();
        _own = null;
        _ownLength = 0;
    }

    /// <summary>Sends all of it, to a server that takes transactions. What it says to each command is swallowed: if it accepts one of them not, EXEC's reply says so.</summary>
    /// <param name="connection">Shared or pinned.</param>
    /// <param name="exec">Gets EXEC's reply.</param>
    internal void Send(ServerConnection connection, Request exec)
    {
        RequestPool requests = connection.Server.Pool.Requests;
        Request multi = requests.Rent();
        multi.Sink = connection.Server.Transactions;
        OutputBuffer output = connection.BeginSend(multi);
        output.Write("*1\r\n$5\r\nMULTI\r\n"u8);
        for (int i = 0; i < _sent; i++)
        {
            _ = connection.BeginSend(requests.Rent());
        }

        output.TakeAll(_queued);
        connection.Send(exec, "*1\r\n$4\r\nEXEC\r\n"u8);
    }

    /// <summary>Moves all of it to where it can be sent from more than once.</summary>
    internal void MoveTo(Resend resend)
    {
        resend.Queued = new QueuedRequests(_sent + 1);
        resend.Frame.Write("*1\r\n$5\r\nMULTI\r\n"u8);
        resend.Frame.TakeAll(_queued);
        resend.Frame.Write("*1\r\n$4\r\nEXEC\r\n"u8);
    }

    private void KeepOwn(CommandInfo command, ReadOnlySpan<byte> frame, bool isSent)
    {
        (_own ??= []).Add(new OwnCommand(Count++, command, frame.ToArray(), isSent));
        _ownLength += frame.Length;
        _sent += isSent ? 1 : 0;
    }
}
