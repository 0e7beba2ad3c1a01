using System.Globalization;
using Keyway.Net.Timers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>
/// WATCH: the client holds a pinned connection, on which the server watches the keys, until the transaction ends. What it asks in between goes over the shared
/// connections, each time when the answer to what was asked on the other is here.
/// </content>
internal sealed partial class RedisClient
{
    private PinnedConnection? _watch;
    private ActionTimer? _watchTimer;
    private int _watchPlace; // of the watched keys
    private int _watches; // WATCH commands since the connection was taken
    private bool _isWatchVoid; // the first watched keys are watched no more
    private bool _isWatchAsking; // the node is still taking in the slot: it must be told that this is known
    private string? _watchFailure; // set when the server has ceased to watch: the transaction must not run

    private bool Watch(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!TryFindServer(command, frame, args, out int place, out ServerState? server))
        {
            return true;
        }

        if (server is null)
        {
            return FailUnlessAwaited(Failure.NoServer(Pool.Config.Name));
        }

        if (WatchFailure() is not null)
        {
            // Said at EXEC. Other keys are watched all the same, for nothing.
            _watch?.Server.Pinned.Return(_watch);
            _watch = null;
        }

        if (_watch is not null && _watchPlace != place)
        {
            ReplyCrossServer("a transaction", _watchPlace, place);
            return true;
        }

        if (_watch is null)
        {
            PinnedConnection? pin = OwnConnection;
            if (pin is null && !TryPin(server, out pin))
            {
                return false;
            }

            if (pin is null)
            {
                return true;
            }

            if (pin == OwnConnection && !IsIdle)
            {
                Pause(PauseReasons.Order);
                return false;
            }

            _watch = pin;
            _watchPlace = place;
            _watches = 0;
            _isWatchAsking = false;
            SetWatchTimer();
        }
        else if (!IsIdle)
        {
            Pause(PauseReasons.Order);
            return false;
        }

        EnterLane(_watch);
        _laneUnderWay = OnPinnedConnection;
        Request request = Pool.Requests.Rent();
        request.Command = command;
        Enqueue(request);
        _watches++;
        SendPinned(_watch, request, place, command, CommandRepeat.Read, frame);
        return true;
    }

    /// <summary>After a SELECT or HELLO the connection follows its client, and is not used by another afterwards.</summary>
    private void EnterLane(PinnedConnection pin)
    {
        if (pin.Lane == _lane && !pin.IsSpoilt)
        {
            return;
        }

        pin.IsSpoilt = true;
        pin.Connection.BeginSend(Pool.Requests.Rent()).WriteRequest("HELLO", RespVersion.ToString(CultureInfo.InvariantCulture));
        pin.Connection.BeginSend(Pool.Requests.Rent()).WriteRequest("SELECT", Database.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Why the transaction must not run although nothing in it is wrong; null if it may.</summary>
    private string? WatchFailure()
    {
        if (_watch is { Connection.IsClosed: true } lost)
        {
            _watchFailure ??= $"the connection to server {lost.Server.Label} that watched its keys was lost ({lost.Connection.CloseReason})";
        }

        return _watchFailure;
    }

    private void SetWatchTimer()
    {
        if (Pool.Config.TransactionTimeout is { } limit)
        {
            _watchTimer ??= new ActionTimer(OnWatchTooLong);
            Reactor.Timers.Set(_watchTimer, Reactor.Now + (long)limit.TotalMilliseconds);
        }
    }

    private void OnWatchTooLong()
    {
        PinnedConnection? held = _watch;
        EndWatch();
        if (held is not null)
        {
            _watchFailure = $"more than {Pool.Config.TransactionTimeout!.Value.TotalMilliseconds} ms between WATCH and EXEC (transaction_timeout)";
        }
    }

    /// <summary>Nothing is watched any more. The connection is another's when the server has said so, behind all that was sent before.</summary>
    private void EndWatch()
    {
        _watchFailure = null;
        _isWatchVoid = false;
        if (_watch is not { } pin)
        {
            return;
        }

        _watch = null;
        if (_watchTimer is not null)
        {
            Reactor.Timers.Cancel(_watchTimer);
        }

        if (pin.Connection.IsClosed)
        {
            pin.Server.Pinned.Return(pin);
            return;
        }

        if (pin == _dedicated)
        {
            // It is its client's, who goes on using it.
            pin.Connection.BeginSend(Pool.Requests.Rent()).WriteRequest("UNWATCH");
            return;
        }

        Question.Ask(
            pin.Connection,
            static output => output.WriteRequest("UNWATCH"),
            (reply, _) =>
            {
                pin.IsSpoilt |= reply is not [(byte)'+', ..];
                pin.Server.Pinned.Return(pin);
            });
    }
}
