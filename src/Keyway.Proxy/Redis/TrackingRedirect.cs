using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// CLIENT TRACKING with REDIRECT: the target is a client of this pool, whom servers do not know. So they are told to redirect to a connection of
/// Keyway's own, and what comes there is given to the target, on its reactor.
/// </summary>
internal sealed class TrackingRedirect
{
    private readonly RedisClient _tracker;
    private readonly RedisServerConnection _connection;
    private RedisClient? _target;

    private TrackingRedirect(RedisClient tracker, RedisServerConnection connection)
    {
        _tracker = tracker;
        _connection = connection;
    }

    /// <summary>The connection's number at the server; 0 while it is not known.</summary>
    internal long ServerId { get; private set; }

    /// <summary>CLIENT ID of the target; null while there is none.</summary>
    internal long? TargetNumber { get; private set; }

    /// <summary>True once something could not be given to the target, since it has gone.</summary>
    internal bool IsBroken { get; private set; }

    private static ReadOnlySpan<byte> Invalidate => ">2\r\n$10\r\ninvalidate\r\n"u8;

    /// <summary>Opens the connection. The answer is null if it has a number, else why not.</summary>
    internal static TrackingRedirect Open(RedisClient tracker, ServerState server, Action<Failure?> opened)
    {
        RedisServerConnection connection = (RedisServerConnection)server.OpenPrivate(new Lane(0, 3));
        TrackingRedirect redirect = new(tracker, connection);
        if (connection.IsClosed)
        {
            opened(Failure.ConnectFailed(server.Label, connection.CloseReason));
            return redirect;
        }

        connection.Redirect = redirect;
        Question.Ask(
            connection,
            static output => output.WriteRequest("CLIENT", "ID"),
            (reply, failure) =>
            {
                redirect.ServerId = reply is [(byte)':', ..] && RespLength.TryParse(reply.AsSpan(1).TrimEnd("\r\n"u8), out long id) ? id : 0;
                if (redirect.ServerId == 0)
                {
                    // Nothing has been set that the client could lose with it.
                    redirect.Close();
                    opened(failure ?? Failure.UnexpectedReply(server.Label, "CLIENT ID"));
                    return;
                }

                opened(null);
            });
        return redirect;
    }

    /// <summary>The server redirects to this connection for this client from now on; null: it does not redirect any more.</summary>
    internal void SetTarget(RedisClient? target)
    {
        _target = target;
        TargetNumber = target?.Number;
        IsBroken = false;
    }

    /// <summary>An invalidation has come: <c>>2 invalidate keys</c>, where the keys are an array, or null for all.</summary>
    internal void OnPush(byte[] push)
    {
        if (_target is not { } target || !push.AsSpan().StartsWith(Invalidate))
        {
            return;
        }

        byte[] keys = push[Invalidate.Length..];
        On(target, () =>
        {
            if (target.IsClosed)
            {
                On(_tracker, () => OnTargetGone(target));
            }
            else
            {
                target.PushInvalidation(keys);
            }
        });
    }

    /// <summary>The connection has ended: its client cannot know any more what has changed.</summary>
    internal void OnLost() => _tracker.OnDedicatedLost();

    /// <summary>The tracking client has gone.</summary>
    internal void Close()
    {
        _connection.Redirect = null;
        _connection.Close("its client is done with it");
    }

    private void OnTargetGone(RedisClient target)
    {
        if (!_tracker.IsClosed && target == _target)
        {
            IsBroken = true;
            _tracker.PushRedirectBroken(target.Number);
        }
    }

    /// <summary>On the client's thread: at once where that is this one.</summary>
    private void On(RedisClient client, Action action)
    {
        if (client.Pool == _connection.Server.Pool)
        {
            action();
        }
        else
        {
            client.Pool.Reactor.Post(action);
        }
    }
}
