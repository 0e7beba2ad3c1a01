using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>
/// A client that changes its connection (CLIENT TRACKING, MONITOR) has one to the server for itself from then on. It ends with the client or with RESET,
/// and is not used again.
/// </content>
internal sealed partial class RedisClient
{
    private PinnedConnection? _dedicated;

    /// <summary>True from MONITOR to RESET: the connection carries lines and no replies.</summary>
    internal bool IsMonitor { get; private set; }

    /// <summary>The connection over which it asks; null for the shared ones.</summary>
    private PinnedConnection? OwnConnection => IsMonitor ? null : _dedicated;

    /// <summary>The connection has ended: what the client had set on it is gone, and the client must know.</summary>
    internal void OnDedicatedLost() => CloseWhenAnswered();

    /// <summary>False: not yet.</summary>
    private bool RouteDedicated(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (ArgumentError(command, frame, args) is { } error)
        {
            ReplyError(error);
            return true;
        }

        if (Pool.OnlyServer is not { } server)
        {
            return FailUnlessAwaited(Failure.NoServer(Pool.Config.Name));
        }

        if (server.Config.IsMemory)
        {
            ReplyNotOffered($"{command.DisplayName} is not offered by the memory server.");
            return true;
        }

        if (IsMonitor)
        {
            // A server does not even answer a second MONITOR. Anything else would be answered among the lines.
            if (command.Name is not "monitor")
            {
                ReplyNotOffered($"{command.DisplayName} is not offered after MONITOR.");
            }

            return true;
        }

        if (_dedicated is null)
        {
            if (!TryPin(server, out PinnedConnection? pin))
            {
                return false;
            }

            if (pin is null)
            {
                return true;
            }

            Dedicate(pin);
        }

        if (ConcernsRedirect(command, frame, args))
        {
            RouteTracking(frame, args);
            return true;
        }

        Forward(server, command, frame);
        if (command.Name is "monitor")
        {
            IsMonitor = true;
        }

        return true;
    }

    /// <summary>The client has the connection for itself until it ends.</summary>
    private void Dedicate(PinnedConnection pin)
    {
        pin.IsSpoilt = true;
        _dedicated = pin;
        ((RedisServerConnection)pin.Connection).Owner = this;
        _laneUnderWay = _lane;
    }

    /// <summary>As a server, which takes who has sent MONITOR for a replica: it may ask what concerns no key. True: an error was the answer.</summary>
    private bool RefuseAfterMonitor(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        bool concernsKeys = (command.Flags & (CommandFlags.Write | CommandFlags.ReadOnly)) != CommandFlags.None
            || command.SingleTreatment is CommandTreatment.Key or CommandTreatment.Split or CommandTreatment.Channel;
        if (!IsMonitor || !concernsKeys || ArgumentError(command, frame, args) is not null)
        {
            return false;
        }

        _transaction?.Abort();
        ReplyError("ERR Replica can't interact with the keyspace");
        return true;
    }

    private static bool HasRedirect(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        for (int i = 3; i < args.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(args.Get(frame, i), "REDIRECT"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>After SELECT and HELLO.</summary>
    private void FollowLane()
    {
        if (OwnConnection is { } own)
        {
            EnterLane(own);
        }
    }

    private void EndDedication()
    {
        IsMonitor = false;
        _redirect?.Close();
        _redirect = null;
        if (_dedicated is { } pin)
        {
            _dedicated = null;
            ((RedisServerConnection)pin.Connection).Owner = null;
            pin.Server.Pinned.Return(pin);
        }
    }
}
