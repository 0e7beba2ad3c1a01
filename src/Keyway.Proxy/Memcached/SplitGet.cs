using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <summary>
/// A <c>get</c> of several keys under way on several servers: gathers their values and gives them in the order asked. When a server fails, the values
/// that were found are given all the same, and the error stands in the place of END. Pooled by its reactor.
/// </summary>
internal sealed class SplitGet(PoolState pool, MemcachedProtocol protocol) : IReplySink
{
    private const int MostKept = 64 * 1024; // bytes of keys, and keys: what a giant get made it hold is not kept

    private readonly List<ReplyPart> _parts = [];
    private byte[] _line = new byte[1024];
    private int[] _keyStarts = new int[64];
    private int[] _keyLengths = new int[64];
    private int[] _partOfKey = new int[64];
    private int[] _read = new int[8]; // for each part, how much of its reply is merged
    private int _keys;
    private int _used;
    private int _awaited;
    private long _gathered;
    private Request? _place;
    private Failure? _failure;

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
        // Its values may end anywhere.
        ReplyPart part = _parts[request.Part];
        part.Clear();
        OnPartFailed(failure);
        OnPartDone();
    }

    /// <summary>Begins a get whose merged reply is to fill <paramref name="place"/>.</summary>
    /// <param name="place">Queued in its client's order.</param>
    /// <param name="line">The request.</param>
    /// <param name="words">Its words.</param>
    /// <param name="first">The first key among them.</param>
    internal void Begin(Request place, ReadOnlySpan<byte> line, RequestArgs words, int first)
    {
        place.Holders++;
        _place = place;
        _used = 0;
        _awaited = 1; // until it is sealed
        _gathered = 0;
        _keys = words.Count - first;
        Grow(ref _line, line.Length);
        Grow(ref _keyStarts, _keys);
        Grow(ref _keyLengths, _keys);
        Grow(ref _partOfKey, _keys);
        line.CopyTo(_line);
        for (int i = 0; i < _keys; i++)
        {
            _keyStarts[i] = words.Start(first + i);
            _keyLengths[i] = words.Length(first + i);
        }
    }

    /// <summary>A part for a server: the caller writes its request, whole, to the buffer given; null when the server is down.</summary>
    internal OutputBuffer? AddPart(ServerState server, ClientConnection client)
    {
        ServerConnection? connection = server.Connection(0, client.Number);
        if (_used == _parts.Count)
        {
            _parts.Add(new ReplyPart(pool.Reactor.Buffers));
            Grow(ref _read, _parts.Count);
        }

        ReplyPart part = _parts[_used++];
        part.Connection = connection;
        if (connection is null)
        {
            OnPartFailed(server.DownFailure());
            return null;
        }

        Request request = pool.Requests.Rent();
        request.Sink = this;
        request.Part = _used - 1;
        request.Expected = (byte)MemcachedAnswer.Values;
        _awaited++;
        OutputBuffer output = connection.BeginSend(request);
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(client);
        }

        return output;
    }

    /// <summary>The key is in the part added last.</summary>
    internal void NameKey(int key) => _partOfKey[key] = _used - 1;

    /// <summary>All parts have been added.</summary>
    internal void Seal() => OnPartDone();

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length)];
        }
    }

    private void OnPartFailed(Failure failure)
    {
        _failure ??= failure;
        pool.Counters.Count(failure.Kind);
    }

    private void OnPartDone()
    {
        if (--_awaited > 0)
        {
            return;
        }

        Request place = _place!;
        if (place.Client is { } client)
        {
            client.LetGo(_gathered);
            Merge(place.Reply(pool.Reactor.Buffers));
            client.Finish(place);
        }

        pool.Requests.Release(place);
        Recycle();
    }

    private void Merge(OutputBuffer reply)
    {
        Array.Clear(_read, 0, _used);
        for (int i = 0; i < _keys; i++)
        {
            int part = _partOfKey[i];
            ReadOnlySpan<byte> rest = _parts[part].Whole()[_read[part]..];
            if (MemcachedReplies.TryReadValue(rest, out ReadOnlySpan<byte> key, out int length)
                && key.SequenceEqual(_line.AsSpan(_keyStarts[i], _keyLengths[i])))
            {
                reply.Write(rest[..length]);
                _read[part] += length;
            }
        }

        ReadOnlySpan<byte> end = End();
        if (_failure is null)
        {
            reply.Write(end);
        }
        else
        {
            MemcachedOutput.WriteFailure(reply, _failure);
        }
    }

    /// <summary>What stands behind the values: END, or the first error of a server.</summary>
    private ReadOnlySpan<byte> End()
    {
        ReadOnlySpan<byte> end = default;
        for (int i = 0; i < _used; i++)
        {
            ReadOnlySpan<byte> rest = _parts[i].Whole()[_read[i]..];
            if (MemcachedReplies.IsError(rest))
            {
                end = end.IsEmpty ? rest : end;
            }
            else if (!rest.IsEmpty && !rest.SequenceEqual("END\r\n"u8))
            {
                // Values of keys that were not asked: the connection has lost its step.
                ServerConnection connection = _parts[i].Connection!;
                connection.Close("values came that nobody asked for");
                OnPartFailed(Failure.UnexpectedReply(connection.Server.Label, "get"));
            }
        }

        return end.IsEmpty ? "END\r\n"u8 : end;
    }

    private void Recycle()
    {
        for (int i = 0; i < _used; i++)
        {
            _parts[i].Clear();
        }

        if (_line.Length > MostKept || _keyStarts.Length > MostKept)
        {
            _line = new byte[1024];
            _keyStarts = new int[64];
            _keyLengths = new int[64];
            _partOfKey = new int[64];
        }

        _place = null;
        _failure = null;
        protocol.SpareGets.Push(this);
    }
}
