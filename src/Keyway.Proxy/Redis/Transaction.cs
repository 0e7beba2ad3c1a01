using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>What a client has queued since MULTI. At EXEC it goes to its server as one block, whose adjacency makes it atomic also on a shared connection.</summary>
internal sealed class Transaction(BufferPool buffers)
{
    private readonly OutputBuffer _queued = new(buffers);

    /// <summary>What places its keys, as <see cref="PoolState.Locate"/> gives it, once one has been queued.</summary>
    internal int? Place { get; set; }

    /// <summary>True once a command was not accepted: EXEC discards it.</summary>
    internal bool IsAborted { get; private set; }

    /// <summary>How many commands were queued.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes of its requests.</summary>
    internal long Length => _queued.Length;

    /// <summary>Queues a request.</summary>
    internal void Add(ReadOnlySpan<byte> frame)
    {
        if (!IsAborted)
        {
            _queued.Write(frame);
            Count++;
        }
    }

    /// <summary>Nothing of it will be executed.</summary>
    internal void Abort()
    {
        IsAborted = true;
        _queued.Clear();
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
        for (int i = 0; i < Count; i++)
        {
            _ = connection.BeginSend(requests.Rent());
        }

        output.TakeAll(_queued);
        connection.Send(exec, "*1\r\n$4\r\nEXEC\r\n"u8);
    }

    /// <summary>Moves all of it to where it can be sent from more than once.</summary>
    internal void MoveTo(Resend resend)
    {
        resend.Queued = new QueuedRequests(Count + 1);
        resend.Frame.Write("*1\r\n$5\r\nMULTI\r\n"u8);
        resend.Frame.TakeAll(_queued);
        resend.Frame.Write("*1\r\n$4\r\nEXEC\r\n"u8);
    }
}
