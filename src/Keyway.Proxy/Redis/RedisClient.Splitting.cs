using Keyway.Net.Buffers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Merging;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>Commands that go to several servers.</content>
internal sealed partial class RedisClient
{
    /// <summary>Sends each server one command with its keys, and each key with what belongs to it (the value of MSET).</summary>
    private void RouteSplit(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        int step = command.KeyStep;
        int keys = (args.Count - command.FirstKey) / step;
        if (keys <= 0 || (args.Count - command.FirstKey) % step != 0)
        {
            ReplyError(WrongArguments(command));
            return;
        }

        KeyGrouping grouping = _protocol.Grouping;
        grouping.Begin(Pool.Cluster is null ? Pool.Servers.Length : SlotRange.SlotCount, keys);
        for (int i = 0; i < keys; i++)
        {
            int place = Pool.Locate(args.Get(frame, command.FirstKey + (i * step)));
            if (place < 0)
            {
                ReplyFailure(Failure.NoServer(Pool.Config.Name));
                return;
            }

            grouping.Add(i, place);
        }

        if (grouping.Groups == 1)
        {
            ForwardTo(grouping.PlaceOf(0), command, frame, args);
            return;
        }

        CommandRepeat repeat = Pool.Cluster is null ? CommandRepeat.No : command.Repeat;
        SplitCommand split = BeginSplit(command);
        split.RememberKeys(keys);
        for (int group = 0; group < grouping.Groups; group++)
        {
            if (Pool.Cluster is not null)
            {
                Request part = split.AddPart();
                WritePart(Keep(part, grouping.PlaceOf(group), command, repeat), command, frame, args, grouping, group);
                Pool.Cluster.Send(part);
            }
            else if (split.AddPart(Pool.Servers[grouping.PlaceOf(group)], this, _lane) is { } output)
            {
                WritePart(output, command, frame, args, grouping, group);
            }

            split.NameKeys(grouping, group);
        }

        split.Seal();
    }

    private static void WritePart(
        Resend resend, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, KeyGrouping grouping, int group)
    {
        int step = command.KeyStep;
        ReadOnlySpan<byte> name = Raw(frame, args, 0, command.FirstKey);
        Span<byte> header = stackalloc byte[RespWriter.MaxHeader];
        header = header[..RespWriter.WriteArrayHeader(header, command.FirstKey + (grouping.CountOf(group) * step))];
        int length = header.Length + name.Length;
        for (int key = grouping.FirstOf(group); key >= 0; key = grouping.NextOf(key))
        {
            length += Raw(frame, args, command.FirstKey + (key * step), step).Length;
        }

        if (!resend.TryReserve(length, out Span<byte> room))
        {
            WritePart(resend.Frame, command, frame, args, grouping, group);
            return;
        }

        header.CopyTo(room);
        name.CopyTo(room[header.Length..]);
        room = room[(header.Length + name.Length)..];
        for (int key = grouping.FirstOf(group); key >= 0; key = grouping.NextOf(key))
        {
            ReadOnlySpan<byte> raw = Raw(frame, args, command.FirstKey + (key * step), step);
            raw.CopyTo(room);
            room = room[raw.Length..];
        }
    }

    private static void WritePart(
        OutputBuffer output, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, KeyGrouping grouping, int group)
    {
        int step = command.KeyStep;
        output.WriteArrayHeader(command.FirstKey + (grouping.CountOf(group) * step));
        output.Write(Raw(frame, args, 0, command.FirstKey));
        for (int key = grouping.FirstOf(group); key >= 0; key = grouping.NextOf(key))
        {
            output.Write(Raw(frame, args, command.FirstKey + (key * step), step));
        }
    }

    /// <summary>Arguments as they stand in the frame, headers and all.</summary>
    private static ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> frame, RequestArgs args, int first, int count)
    {
        int last = first + count - 1;
        int start = first == 0 ? HeaderEnd(frame) : args.Start(first - 1) + args.Length(first - 1) + 2;
        return frame[start..(args.Start(last) + args.Length(last) + 2)];
    }

    private static int HeaderEnd(ReadOnlySpan<byte> frame) => frame.IndexOf((byte)'\n') + 1;

    /// <summary>Sends the same command to every server; servers that are ejected have no keys.</summary>
    private void RouteToAll(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, bool withOwnSection = false)
    {
        SplitCommand split = BeginSplit(command);
        split.WithOwnSection = withOwnSection;
        if (Pool.Cluster is { } cluster)
        {
            SendToPrimaries(cluster, split, command, frame, args);
        }
        else
        {
            SendToServers(split, command, frame);
        }

        split.Seal();
    }

    private void SendToServers(SplitCommand split, CommandInfo command, ReadOnlySpan<byte> frame)
    {
        foreach (ServerState server in Pool.Servers)
        {
            if (!Pool.IsEjected(server))
            {
                split.AddPart(server, this, _lane)?.Write(frame);
                if (command.Merge == CommandMerge.Random)
                {
                    split.AddPart(server, this, _lane)?.Write("*1\r\n$6\r\nDBSIZE\r\n"u8);
                }
            }
        }
    }

    /// <summary>False: not yet; the request is offered again.</summary>
    private bool RouteScan(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (args.Count < 2)
        {
            ReplyError(WrongArguments(command));
            return true;
        }

        if (Pool.Cluster is { } cluster)
        {
            return ScanCluster(cluster, command, frame, args);
        }

        ScanServers(command, frame, args);
        return true;
    }

    private void ScanServers(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!ScanCursor.TryParse(args.Get(frame, 1), Pool.Servers.Length, out ScanCursor cursor))
        {
            ReplyError("ERR invalid cursor");
            return;
        }

        if (Pool.AnyServer() is null)
        {
            ReplyFailure(Failure.NoServer(Pool.Config.Name));
            return;
        }

        while (Pool.IsEjected(Pool.Servers[cursor.Server]))
        {
            // As its keys are served by the others now, its part of the scan is over.
            cursor = cursor.After(0, Pool.Servers.Length);
            if (cursor == default)
            {
                Reply("*2\r\n$1\r\n0\r\n*0\r\n"u8);
                return;
            }
        }

        SplitCommand split = BeginSplit(command);
        split.Cursor = cursor;
        if (split.AddPart(Pool.Servers[cursor.Server], this, _lane) is { } output)
        {
            WriteScan(output, cursor.Position, frame, args);
        }

        split.Seal();
    }

    private static void WriteScan(OutputBuffer output, ulong position, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        output.WriteArrayHeader(args.Count);
        output.Write(Raw(frame, args, 0, 1));
        Span<byte> digits = stackalloc byte[20];
        _ = position.TryFormat(digits, out int length, default, null);
        output.WriteBulk(digits[..length]);
        if (args.Count > 2)
        {
            output.Write(Raw(frame, args, 2, args.Count - 2));
        }
    }

    private SplitCommand BeginSplit(CommandInfo command)
    {
        Request place = Pool.Requests.Rent();
        place.Command = command;
        Enqueue(place);
        if (!_protocol.SpareSplits.TryPop(out SplitCommand? split))
        {
            split = new SplitCommand(Pool, _protocol);
        }

        split.Begin(place, command);
        return split;
    }
}
