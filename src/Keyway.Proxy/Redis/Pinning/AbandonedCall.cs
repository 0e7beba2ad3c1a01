using Keyway.Net.Buffers;
using Keyway.Net.Timers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Redis.Pinning;

/// <summary>
/// A blocking command whose client has gone while it waits. Its server is told to end the wait (CLIENT UNBLOCK), and says whether it had taken something
/// before: then that is put back. Only when the server does not answer is the connection closed, as the client's own would have been.
/// </summary>
internal sealed class AbandonedCall : IReplySink
{
    /// <summary>Between two tries: the command may still have been on its way to the server when it was to be ended.</summary>
    private const int RetryMilliseconds = 10;

    private const int MostTries = 200;

    private readonly PinnedConnection _pin;
    private readonly PutBackEnd _end;
    private readonly List<byte> _reply = [];
    private readonly ActionTimer _retry;
    private readonly bool _hasClientPart;
    private int _tries;
    private bool _isAsking;
    private bool _isAnswered;
    private bool _isOver;

    /// <param name="pin">The connection that it waits on.</param>
    /// <param name="request">The request, whose client has been detached or is about to be.</param>
    /// <param name="end">Where to put back what comes.</param>
    internal AbandonedCall(PinnedConnection pin, Request request, PutBackEnd end)
    {
        _pin = pin;
        _end = end;
        _hasClientPart = request.IsStreaming;
        _retry = new ActionTimer(Retry);
        request.Sink = this;
    }

    private PoolState Pool => _pin.Server.Pool;

    public void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        request.IsStreaming = !isLast;
        if (!_hasClientPart)
        {
            _reply.AddRange(piece);
        }

        if (isLast)
        {
            _isAnswered = true;
            ReturnElements();
            EndIfSettled();
        }
    }

    public void OnFailed(Request request, Failure failure)
    {
        _isAnswered = true;
        End();
    }

    /// <summary>Asks the server to end the wait. Until that is settled it counts as a client, so that the process does not end before.</summary>
    internal void Start()
    {
        Pool.Reactor.AddLoad(1);
        Retry();
    }

    private void Retry()
    {
        if (_isOver || _isAnswered)
        {
            return;
        }

        if (_pin.Connection.IsClosed || ++_tries > MostTries)
        {
            End();
            return;
        }

        Pool.Reactor.Timers.Set(_retry, Pool.Reactor.Now + RetryMilliseconds);
        if (!_isAsking && _pin.ServerId is { } id)
        {
            Ask(id);
        }
    }

    private void Ask(long id)
    {
        if (id == 0 || _pin.Server.Connection(0, 0) is not { } connection)
        {
            End();
            return;
        }

        _isAsking = true;
        Question.Ask(
            connection,
            output => output.WriteRequest("CLIENT", "UNBLOCK", id.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            (reply, _) =>
            {
                _isAsking = false;
                if (reply is not [(byte)':', ..])
                {
                    // Not allowed, or the server has gone.
                    End();
                }
                else
                {
                    EndIfSettled();
                }
            });
    }

    /// <summary>An UNBLOCK still on its way could hit the connection's next user: it is returned when both answers are here.</summary>
    private void EndIfSettled()
    {
        if (_isAnswered && !_isAsking)
        {
            End();
        }
    }

    private void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            Pool.Reactor.AddLoad(-1);
            Pool.Reactor.Timers.Cancel(_retry);
            _pin.IsSpoilt |= _isAsking;
            _pin.Server.Pinned.Return(_pin);
        }
    }

    private void ReturnElements()
    {
        OutputBuffer request = new(Pool.Reactor.Buffers);
        byte[] reply = [.. _reply];
        int count = PutBack.Write(_end, reply, request);
        if (count == 0)
        {
            return;
        }

        RespReader reader = new(reply);
        _ = reader.TryReadNext() && reader.TryReadNext();
        string key = System.Text.Encoding.Latin1.GetString(reader.Bytes);
        if (_pin.Server.Connection(_pin.Lane, 0) is not { } connection)
        {
            request.Clear();
            OnLost(key, count, _pin.Server.DownFailure().Text);
            return;
        }

        Pool.Reactor.AddLoad(1);
        Question.Ask(connection, output => output.TakeAll(request), (answer, failure) =>
        {
            Pool.Reactor.AddLoad(-1);
            if (answer is [(byte)':', ..])
            {
                Pool.Counters.ElementsPutBack += count;
                Pool.Shared.Log.Write(
                    LogLevel.Info,
                    "elements_put_back",
                    $"{count} elements went back to '{key}': the client that waited for them had gone",
                    ("pool", Pool.Config.Name),
                    ("server", _pin.Server.Label));
            }
            else
            {
                OnLost(key, count, failure?.Text ?? System.Text.Encoding.UTF8.GetString(answer!).TrimEnd());
            }
        });
    }

    private void OnLost(string key, int count, string reason) => Pool.Shared.Log.Write(
        LogLevel.Error,
        "elements_lost",
        $"{count} elements of '{key}' could not be put back, and the client that waited for them had gone: {reason}",
        ("pool", Pool.Config.Name),
        ("server", _pin.Server.Label));
}
