using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Merging;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// One client command under way on several servers: collects the parts' replies and merges them when the last has come. Pooled by
/// its reactor.
/// </summary>
internal sealed class SplitCommand(PoolState pool, RedisProtocol protocol) : IReplySink
{
    private readonly List<ReplyPart> _parts = [];
    private int[] _partOfKey = new int[16];
    private int _keys;
    private int _used;
    private int _awaited;
    private long _gathered;
    private Request? _place;
    private CommandInfo? _command;
    private Failure? _failure;

    /// <summary>For SCAN: where the client's cursor points.</summary>
    internal ScanCursor Cursor { get; set; }

    /// <summary>For SCAN over a cluster; null without one.</summary>
    internal ScanStep? Step { get; set; }

    /// <summary>For INFO: Keyway's own section belongs to the reply.</summary>
    internal bool WithOwnSection { get; set; }

    /// <summary>How many parts it was split into.</summary>
    internal int PartCount => _used;

    /// <summary>For each key of the command, the part that it is in.</summary>
    internal ReadOnlySpan<int> PartOfKey => _partOfKey.AsSpan(0, _keys);

    /// <summary>A part's whole reply.</summary>
    internal ReadOnlySpan<byte> PartReply(int part) => _parts[part].Whole();

    public void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        request.IsStreaming = !isLast;
        if (_place!.Client is { } client)
        {
            _parts[request.Part].Reply.Write(piece);
            _gathered += piece.Length;
            client.Hold(piece.Length);
        }

        if (isLast)
        {
            OnPartDone();
        }
    }

    public void OnFailed(Request request, Failure failure)
    {
        _failure ??= failure;
        OnPartDone();
    }

    /// <summary>Begins a command whose merged reply is to fill <paramref name="place"/>.</summary>
    internal void Begin(Request place, CommandInfo command)
    {
        place.Holders++;
        _place = place;
        _command = command;
        _failure = null;
        WithOwnSection = false;
        _used = 0;
        _keys = 0;
        _gathered = 0;
        _awaited = 1; // until it is sealed
    }

    /// <summary>A part for a server: the caller writes its request, whole, to the buffer given; null when the server is down and the command fails.</summary>
    internal OutputBuffer? AddPart(ServerState server, ClientConnection client, int lane)
    {
        ServerConnection? connection = server.Connection(lane, client.Number);
        ReplyPart part = NextPart();
        part.Connection = connection;
        if (connection is null)
        {
            _failure ??= server.DownFailure();
            return null;
        }

        OutputBuffer output = connection.BeginSend(NextRequest());
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(client);
        }

        return output;
    }

    /// <summary>A part that finds its server by itself: the caller sends the request.</summary>
    internal Request AddPart()
    {
        _ = NextPart();
        return NextRequest();
    }

    /// <summary>The command has so many keys, whose elements are to be put back in order.</summary>
    internal void RememberKeys(int keys)
    {
        _keys = keys;
        if (_partOfKey.Length < keys)
        {
            _partOfKey = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)keys)];
        }
    }

    /// <summary>The keys of this group are in the part added last.</summary>
    internal void NameKeys(KeyGrouping grouping, int group)
    {
        for (int key = grouping.FirstOf(group); key >= 0; key = grouping.NextOf(key))
        {
            _partOfKey[key] = _used - 1;
        }
    }

    /// <summary>All parts have been added.</summary>
    internal void Seal()
    {
        if (_used == 0)
        {
            _failure ??= Failure.NoServer(pool.Config.Name);
        }

        OnPartDone();
    }

    private Request NextRequest()
    {
        Request request = pool.Requests.Rent();
        request.Sink = this;
        request.Part = _used - 1;
        request.Command = _command;
        _awaited++;
        return request;
    }

    private ReplyPart NextPart()
    {
        if (_used == _parts.Count)
        {
            _parts.Add(new ReplyPart(pool.Reactor.Buffers));
        }

        return _parts[_used++];
    }

    private void OnPartDone()
    {
        if (--_awaited == 0)
        {
            Complete();
        }
    }

    private void Complete()
    {
        Request place = _place!;
        if (place.Client is { } client)
        {
            client.LetGo(_gathered);
            OutputBuffer reply = place.Reply(pool.Reactor.Buffers);
            if (_failure is null && !Merge(reply))
            {
                OnUnmergeable();
            }

            if (_failure is null)
            {
                client.Finish(place);
            }
            else
            {
                client.Fail(place, _failure);
            }
        }

        pool.Requests.Release(place);
        Recycle();
    }

    private bool Merge(OutputBuffer reply) => _command!.ShardedTreatment == CommandTreatment.Scan
        ? ScanMerge.TryMerge(PartReply(0), NextCursor, reply)
        : ReplyMerge.TryMerge(_command.Merge, this, pool, protocol.Random, reply);

    /// <summary>The client's cursor for a server's; null if it does not fit.</summary>
    private ulong? NextCursor(ulong position)
    {
        bool fits = Step is { } step
            ? step.TryGoOn(position, out ulong next)
            : Cursor.After(position, pool.Servers.Length).TryEncode(pool.Servers.Length, out next);
        return fits ? next : null;
    }

    /// <summary>A reply of the wrong type or count puts the framing of its connection in doubt: the connections go, the client is told.</summary>
    private void OnUnmergeable()
    {
        string label = "";
        for (int i = 0; i < _used; i++)
        {
            if (_parts[i].Connection is { } connection)
            {
                label = connection.Server.Label;
                connection.Close($"unexpected reply to a part of {_command!.DisplayName}");
            }
        }

        _failure = Failure.UnexpectedReply(label, _command!.DisplayName);
    }

    private void Recycle()
    {
        for (int i = 0; i < _used; i++)
        {
            _parts[i].Clear();
        }

        _place = null;
        _command = null;
        _failure = null;
        Step = null;
        protocol.SpareSplits.Push(this);
    }
}
