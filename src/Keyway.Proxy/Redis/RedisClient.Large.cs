using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>Requests with a large argument, which stream through a connection of their own.</content>
internal sealed partial class RedisClient
{
    /// <summary>An argument from this length on streams: chosen so that opening a connection is little beside passing it on; not measured.</summary>
    private const long LargeArgument = 1L << 20;

    private LargeRequest? _large;

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        if (_large is { IsWhole: false })
        {
            _large.Abort();
        }

        _large = null;
        LeaveSubscriptions();
        EndTransaction();
        LetGoOfPins();
        EndDedication();
        Pool.Cluster?.Forget(this);
        base.OnClosed(reason);
    }

    /// <inheritdoc/>
    protected override void OnPeerEnded()
    {
        if (IsHeld || Subscriptions?.Change is not null)
        {
            // What it waits for would be for nobody.
            Close("connection closed by peer");
        }
        else
        {
            Pool.Cluster?.Forget(this);
        }
    }

    /// <inheritdoc/>
    protected override void OnEndOfStream()
    {
        if (_large is null && !IsHeld)
        {
            base.OnEndOfStream();
        }
        else
        {
            // Nobody waits for the end of half a request; and a server frees a client that waits when its input ends.
            Close("connection closed by peer");
        }
    }

    /// <inheritdoc/>
    protected override int OnUnfinished(ReadOnlySpan<byte> bytes)
    {
        if (Scan.PendingBulk >= LargeArgument && LargeTarget(bytes, out CommandInfo? command) is { } server)
        {
            // On another connection it could overtake what this client asked before.
            if (!ChangeLane() || MustWaitForWrites(replied: true))
            {
                return 0;
            }

            if (!server.Health.IsDown && server.OpenPrivate(Pool.Lanes[_lane]) is RedisServerConnection { IsClosed: false } connection)
            {
                return BeginLarge(connection, command, bytes);
            }

            // Its bytes come all the same: it is gathered and failed as a whole, so that the client's stream stays in order.
        }

        return base.OnUnfinished(bytes);
    }

    /// <summary>The server of a request whose command and key are whole, if it goes to one server as it is; otherwise null, and it is gathered first.</summary>
    private ServerState? LargeTarget(ReadOnlySpan<byte> bytes, out CommandInfo? command)
    {
        command = null;
        if (Scan.CompleteArgs == 0 || !IsAuthenticated || _transaction is not null || Pool.Cluster is not null)
        {
            // A cluster's slots move: what may have to be sent twice must be here as a whole.
            return null;
        }

        RespReader reader = new(bytes);
        if (!reader.TryReadNext() || !reader.TryReadNext()
            || !_protocol.Commands.TryFind(reader.Bytes, out command) || command is null || _filter?.Refuses(command) == true
            || command.TreatmentIn(_isSharded) != CommandTreatment.Key || command.BlockingTime is not null)
        {
            return null;
        }

        if (_protocol.Compressor is { } compressor && !command.ValueArguments.IsNone
            && Scan.PendingBulk <= compressor.MostBytes && Scan.PendingBulkStart + Scan.PendingBulk <= Pool.Config.Limits.ClientRequest)
        {
            // It has to be here as a whole to be compressed.
            return null;
        }

        if (!_isSharded)
        {
            return Pool.OnlyServer;
        }

        bool isPlain = command.FirstKey == 1 && command.LastKey == 1 && Scan.CompleteArgs > 1;
        return isPlain && reader.TryReadNext() ? ServerOf(reader.Bytes) : null;
    }

    private int BeginLarge(RedisServerConnection connection, CommandInfo? command, ReadOnlySpan<byte> bytes)
    {
        Pool.Counters.Requests++;
        Request request = Pool.Requests.Rent();
        request.Command = command;
        Enqueue(request);
        AfterHandled();
        Unpause(PauseReasons.Requests); // it is the only one, and its own rest must be read
        OutputBuffer output = connection.BeginSend(request);
        connection.BeginLarge();
        output.Write(bytes[..Scan.PendingBulkStart]);
        _large = new LargeRequest(connection, request, Scan, Pool.RequestLimits);
        int start = Scan.PendingBulkStart;
        Scan.Reset();
        return start + PassLarge(bytes[start..]);
    }

    /// <summary>Passes on more of the large request; when it is whole, the client waits for its answer.</summary>
    private int PassLarge(ReadOnlySpan<byte> bytes)
    {
        LargeRequest large = _large!;
        if (!large.Pass(bytes, out int consumed))
        {
            large.Abort();
            _large = null;
            OnMalformed(RequestError.InvalidBulkLength);
            return bytes.Length;
        }

        if (large.IsWhole)
        {
            _large = null;
            if (!IsIdle)
            {
                Pause(PauseReasons.Order);
            }
        }
        else if (!large.Connection.IsClosed && large.Connection.IsFull)
        {
            large.Connection.WakeWhenRoom(this);
        }

        return consumed;
    }
}
