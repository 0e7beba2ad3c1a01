using System.Buffers;
using Keyway.Net;

namespace Keyway.Proxy.Memory.Memcached;

/// <summary>
/// One connection to a <see cref="MemoryStore"/> in memcached's text and meta protocols: requests in, answers out, as through a socket to memcached
/// 1.6.18. To be used by one thread at a time.
/// </summary>
public sealed class MemcachedSession : IByteService
{
    // As memcached: a longer line without its end is no request, but for gets of many keys.
    private const int LongestLine = 2048;
    private const int MostBlanksBeforeGet = 100;

    private readonly MemoryStore _store;
    private readonly CommandWords _words = new();
    private readonly MemcachedReply _reply = new();
    private readonly TextCommands _text;
    private readonly MetaCommands _meta;

    private readonly UnfinishedInput _unfinished = new();
    private int _scanned; // bytes of it that are known to hold no line's end

    private bool _isStoring;
    private long _toSwallow;
    private byte[] _afterSwallowing = [];

    /// <summary>A new connection.</summary>
    /// <param name="store">The data.</param>
    public MemcachedSession(MemoryStore store)
    {
        _store = store;
        _text = new TextCommands(this, store, _words, _reply);
        _meta = new MetaCommands(this, _words, _reply);
    }

    /// <summary>True after what makes memcached close the connection: nothing further is read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The value that is to be stored when its block is here.</summary>
    internal StoreRequest Request { get; } = new();

    /// <summary>Handles every complete request in <paramref name="input"/>; an unfinished one is kept until its rest comes.</summary>
    /// <param name="input">The bytes that follow those already given.</param>
    /// <param name="output">Takes the answers, in order.</param>
    public void Process(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (HasEnded)
        {
            return;
        }

        _reply.Begin(output);
        ReadOnlySpan<byte> bytes = _unfinished.Join(input);
        _unfinished.Keep(bytes, HandleAll(bytes));

        _reply.End();
    }

    /// <summary>The value of <see cref="Request"/> follows.</summary>
    internal void ExpectBlock() => _isStoring = true;

    /// <summary>A value follows that is not wanted; then the answer, if there is one, as memcached does it.</summary>
    internal void Swallow(int length, ReadOnlySpan<byte> answer) => (_toSwallow, _afterSwallowing) = (length + 2L, answer.ToArray());

    /// <summary>The client is to be left.</summary>
    internal void End() => HasEnded = true;

    // Returns the length of what was handled.
    private int HandleAll(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && !HasEnded)
        {
            ReadOnlySpan<byte> rest = bytes[at..];
            if (_toSwallow > 0)
            {
                int length = (int)Math.Min(_toSwallow, rest.Length);
                _toSwallow -= length;
                at += length;
                if (_toSwallow == 0 && _afterSwallowing.Length > 0)
                {
                    _reply.Line(_afterSwallowing);
                }
            }
            else if (_isStoring)
            {
                if (rest.Length < Request.Length + 2)
                {
                    return at;
                }

                Store(rest[..Request.Length], rest.Slice(Request.Length, 2));
                at += Request.Length + 2;
            }
            else
            {
                int end = rest[_scanned..].IndexOf((byte)'\n') is var found and >= 0 ? found + _scanned : -1;
                if (end < 0)
                {
                    _scanned = rest.Length;
                    HasEnded = rest.Length > LongestLine && !IsGet(rest);
                    return HasEnded ? bytes.Length : at;
                }

                _scanned = 0;
                at += end + 1;
                HandleLine(rest[..(end > 1 && rest[end - 1] == '\r' ? end - 1 : end)]);
            }
        }

        return HasEnded ? bytes.Length : at;
    }

    private static bool IsGet(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> command = line.TrimStart((byte)' ');
        return line.Length - command.Length <= MostBlanksBeforeGet && (command.StartsWith("get "u8) || command.StartsWith("gets "u8));
    }

    private void HandleLine(ReadOnlySpan<byte> line)
    {
        _words.Read(line);
        if (_words.Count == 0)
        {
            _reply.Line(TextCommands.Unknown);
            return;
        }

        ReadOnlySpan<byte> name = _words.Get(line, 0);
        lock (_store.Gate)
        {
            MemcachedItems items = Begin();
            if (!(name.Length == 2 && name[0] == 'm' ? _meta.TryHandle(items, name[1], line) : _text.TryHandle(items, name, line)))
            {
                _reply.Line(TextCommands.Unknown);
            }

            _store.Tidy(items.Now);
        }
    }

    private void Store(ReadOnlySpan<byte> value, ReadOnlySpan<byte> end)
    {
        _isStoring = false;
        if (!end.SequenceEqual("\r\n"u8))
        {
            _reply.Line("CLIENT_ERROR bad data chunk"u8, Request is { IsQuiet: true, Meta: null });
            return;
        }

        lock (_store.Gate)
        {
            MemcachedItems items = Begin();
            StoreResult result = items.Store(Request, value, out MemcachedEntry? item);
            if (Request.Meta is null)
            {
                _text.AnswerStore(result, Request.IsQuiet);
            }
            else
            {
                _meta.AnswerStore(result, item, Request.Meta);
            }

            _store.Tidy(items.Now);
        }
    }

    private MemcachedItems Begin()
    {
        _store.Stats.Commands++;
        long now = _store.UtcNow.ToUnixTimeMilliseconds();
        if (_store.Memcached.FlushAt is not MemoryEntry.Never and var at && at <= now)
        {
            _store.Memcached.FlushAt = MemoryEntry.Never;
            _store.Clear();
        }

        return new MemcachedItems(_store, now);
    }
}
