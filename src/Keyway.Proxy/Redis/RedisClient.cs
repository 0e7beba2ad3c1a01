using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Commands;
using Keyway.Proxy.Compression;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>A client of a Redis pool: reads its requests and sends each on its way (see the files of this class by aspect).</summary>
internal sealed partial class RedisClient : RespClientConnection
{
    private readonly RedisProtocol _protocol;
    private readonly bool _isSharded;
    private readonly CommandFilter? _filter;
    private RewrittenRequest? _rewritten; // the request at hand, compressed

    internal RedisClient(PoolState pool, RedisProtocol protocol)
        : base(pool)
    {
        _protocol = protocol;
        _isSharded = pool.Config.IsSharded;
        _filter = pool.Shared.Filter;
        ResetSession();
    }

    /// <inheritdoc/>
    protected override int OnBytes(ReadOnlySpan<byte> bytes)
    {
        if (!MayRead())
        {
            return 0;
        }

        if (IsHeld)
        {
            return HoldInput(bytes.Length);
        }

        int passed = _large is null ? 0 : PassLarge(bytes);
        return passed + TakeRequests(bytes[passed..], _protocol.Args);
    }

    /// <inheritdoc/>
    protected override bool TakesRequests => _large is null && !IsHeld && !IsReadPaused;

    /// <inheritdoc/>
    protected override bool Handle(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if ((_lane != _laneUnderWay || _mapUnderWay != Pool.Cluster?.Slots.Version) && !ChangeLane())
        {
            return false;
        }

        if (!_protocol.Commands.TryFind(args.Get(frame, 0), out CommandInfo? command))
        {
            return AskForCommand(args.Get(frame, 0).ToArray());
        }

        if (command is { IsContainer: true } && args.Count > 1)
        {
            command = command.FindSubcommand(args.Get(frame, 1)) ?? command;
        }

        LastCommand = command;
        if (!IsAuthenticated && (command is null || (command.Flags & CommandFlags.NoAuth) == 0))
        {
            ReplyError(command?.AcceptsCount(args.Count) == false ? WrongArguments(command) : "NOAUTH Authentication required.");
        }
        else if (command is null)
        {
            _transaction?.Abort();
            ReplyError(UnknownCommand.Text(frame, args));
        }
        else if (_filter is not null && _filter.Refuses(command))
        {
            RefuseByFilter(_filter, command);
        }
        else if (_writeMarks is not null && MustWaitForWrites(command, frame, args, out bool isAnswered))
        {
            if (!isAnswered)
            {
                return false;
            }
        }
        else if (!RefuseInSubscriberMode(command, frame, args) && !RefuseAfterMonitor(command, frame, args) && !Dispatch(command, frame, args))
        {
            return false;
        }

        if (_rewritten is not null)
        {
            _protocol.Compressor!.Return(_rewritten);
            _rewritten = null;
        }

        Pool.Counters.Requests++;
        _serverAwaitedUntil = 0;
        AfterHandled();
        return true;
    }

    /// <summary>The request goes its way, with its values compressed where the pool does that. False: not now.</summary>
    private bool Dispatch(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (_protocol.Compressor is { } compressor && !command.ValueArguments.IsNone)
        {
            _rewritten ??= compressor.Rewrite(command, frame, args);
            frame = _rewritten is null ? frame : _rewritten.Frame;
            args = _rewritten?.Args ?? args;
        }

        return _transaction is null ? Route(command, frame, args) : Queue(command, frame, args);
    }

    /// <summary>For what needs no server, in a pool that is to say when there is none.</summary>
    internal void ReplyAllDown() =>
        ReplyFailure(Failure.NoServer(Pool.Config.Name, Pool.Servers.Where(static server => !server.IsGone).Select(static server => (server.Label, server.Health.Reason))));
}
