using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// The reply to EXEC where commands of the transaction are Keyway's to answer. When the server has executed the rest, its elements are given to the
/// client one by one, and in between those commands are done, as if the client had just sent them: so their effects and answers come in order. If the
/// server has executed nothing, they are not done.
/// </summary>
/// <param name="client">Whose transaction it is; it is not read until the end.</param>
/// <param name="place">The place of EXEC's reply, which becomes that of its first line.</param>
/// <param name="transaction">What was sent.</param>
/// <param name="borrowed">The connection that was taken for it alone; null if there was none.</param>
internal sealed class TransactionReply(RedisClient client, Request place, Transaction transaction, PinnedConnection? borrowed) : IReplySink
{
    private readonly IReadOnlyList<OwnCommand> _own = transaction.Own!;
    private readonly int _count = transaction.Count;
    private readonly List<byte> _gathered = [];
    private byte[] _reply = [];
    private int _at; // in the reply, behind the elements that were given
    private int _next;
    private int _nextOwn;
    private bool _isOver;

    /// <summary>True while it gives elements: it goes on by itself.</summary>
    internal bool IsGiving { get; private set; }

    public void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        request.IsStreaming = !isLast;
        if (!client.IsClosed)
        {
            _gathered.AddRange(piece);
            client.Hold(piece.Length);
        }

        if (isLast)
        {
            ReturnConnection();
            Begin();
        }
    }

    public void OnFailed(Request request, Failure failure)
    {
        ReturnConnection();
        if (!client.IsClosed)
        {
            client.LetGo(_gathered.Count);
            IsGiving = true;
            client.Fail(place, failure);
            End();
        }
    }

    /// <summary>Gives what can be given now.</summary>
    internal void Continue()
    {
        if (IsGiving || _isOver)
        {
            return;
        }

        IsGiving = true;
        while (!client.IsClosed && client.IsIdle && _next < _count)
        {
            if (_nextOwn < _own.Count && _own[_nextOwn].Place == _next)
            {
                OwnCommand own = _own[_nextOwn++];
                client.Do(own, own.IsSent ? TakeElement() : default);
            }
            else
            {
                client.Reply(TakeElement());
            }

            _next++;
        }

        IsGiving = false;
        if (client.IsIdle)
        {
            End();
        }
    }

    private void End()
    {
        _isOver = true;
        if (!client.IsClosed)
        {
            client.EndTransactionReply();
        }
    }

    private void Begin()
    {
        if (client.IsClosed)
        {
            return;
        }

        client.LetGo(_gathered.Count);
        _reply = [.. _gathered];
        IsGiving = true; // what is answered now is the first line, or all there is
        if (_reply is not [(byte)'*', not (byte)'-', ..])
        {
            place.Reply(client.Pool.Reactor.Buffers).Write(_reply);
            client.Finish(place);
            End();
            return;
        }

        if (!TryTakeHeader())
        {
            client.Fail(place, Failure.UnexpectedReply(client.Pool.Config.Name, "EXEC"));
            End();
            return;
        }

        place.Reply(client.Pool.Reactor.Buffers).WriteArrayHeader(_count);
        client.BeginTransactionReply();
        client.Finish(place);
        IsGiving = false;
        Continue();
    }

    /// <summary>True if there is an element for each command that was sent.</summary>
    private bool TryTakeHeader()
    {
        _at = _reply.AsSpan().IndexOf((byte)'\n') + 1;
        return RespLength.TryParse(_reply.AsSpan(1, _at - 3), out long elements) && elements == _count - _own.Count(static own => !own.IsSent);
    }

    private ReadOnlySpan<byte> TakeElement()
    {
        ReadOnlySpan<byte> rest = _reply.AsSpan(_at);
        RespFrameScanner scanner = default;
        _ = scanner.Scan(rest, new RespLimits(long.MaxValue, int.MaxValue, client.Pool.Config.Limits.MaxDepth), out int length);
        _at += length;
        return rest[..length];
    }

    /// <summary>It has the client's database and version now: the next client is to have another.</summary>
    private void ReturnConnection()
    {
        if (borrowed is not null)
        {
            borrowed.IsSpoilt = true;
            borrowed.Server.Pinned.Return(borrowed);
        }
    }
}
