using System.Buffers;
using System.Text;
using Keyway.Net;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Memory;

/// <summary>
/// One connection to a <see cref="MemoryStore"/>: requests in, replies out, as through a socket. Has a database and a version of
/// RESP of its own. To be used by one thread at a time.
/// </summary>
/// <param name="store">The data.</param>
public sealed class MemorySession(MemoryStore store) : IByteService
{
    // Names are at most this long, and no longer ones are shown in errors (Redis shows 128 bytes).
    private const int LongestName = 128;

    private static long _sessions;

    private readonly RequestArgs _args = new();
    private RequestScanState _state;

    private readonly UnfinishedInput _unfinished = new();
    private long _kept; // bytes of what it watches and has queued

    /// <summary>True after bytes that are no request: an error was written, and nothing further is read.</summary>
    public bool HasFailed { get; private set; }

    internal MemoryStore Store => store;

    /// <summary>Number of the session, from 1.</summary>
    internal long Id { get; } = Interlocked.Increment(ref _sessions);

    internal MemoryReply Reply { get; } = new();

    internal int DatabaseIndex { get; set; }

    /// <summary>What the next EXEC depends on.</summary>
    internal HashSet<WatchedKey> Watched { get; } = [];

    /// <summary>What was queued since MULTI, or null.</summary>
    internal MemoryTransaction? Transaction { get; set; }

    /// <summary>Handles every complete request in <paramref name="input"/>; an unfinished one is kept until its rest comes.</summary>
    /// <param name="input">The bytes that follow those already given.</param>
    /// <param name="output">Takes the replies, one for each request, in order.</param>
    public void Process(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (HasFailed)
        {
            return;
        }

        Reply.Begin(output);
        ReadOnlySpan<byte> bytes = _unfinished.Join(input);
        _unfinished.Keep(bytes, HandleAll(bytes));

        Reply.End();
    }

    /// <inheritdoc/>
    public void Close()
    {
        lock (store.Gate)
        {
            Forget();
        }
    }

    /// <summary>Books bytes that the session is about to keep until <see cref="Forget"/>; false: there is no room for them.</summary>
    internal bool TryKeep(long bytes)
    {
        if (store.Stats.KeptBytes + bytes > store.MaxKeptBytes)
        {
            return false;
        }

        Book(bytes);
        return true;
    }

    /// <summary>Nothing is watched and nothing queued any more.</summary>
    internal void Forget()
    {
        Watched.Clear();
        Transaction = null;
        Book(-_kept);
    }

    /// <summary>Handles the complete requests at the front; returns their length.</summary>
    private int HandleAll(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[at..];
            ScanStatus status = RespRequestScanner.Scan(rest, ref _state, _args, RespLimits.Default, out int length, out RequestError error);
            if (status == ScanStatus.NeedMore)
            {
                return at;
            }

            if (status == ScanStatus.Error)
            {
                HasFailed = true;
                Span<byte> text = stackalloc byte[RequestErrorText.MaxLength];
                "ERR "u8.CopyTo(text);
                Reply.Error(text[..(4 + RequestErrorText.Write(text[4..], error, _state.OffendingByte))]);
                return bytes.Length;
            }

            if (_args.Count > 0)
            {
                Handle(_args.IsInline ? _args.CanonicalFrame : rest[..length]);
            }

            at += length;
        }
    }

    private void Handle(ReadOnlySpan<byte> frame)
    {
        lock (store.Gate)
        {
            store.Stats.Commands++;
            ReadOnlySpan<byte> name = _args.Get(frame, 0);
            MemoryCommand? command = MemoryCommandTable.Find(name);
            if (command is null)
            {
                Transaction?.IsAborted = true;
                string shown = Encoding.Latin1.GetString(name[..Math.Min(name.Length, LongestName)]);
                Reply.Error($"ERR memory server does not offer '{shown}'; it has strings, counters, expiry and hashes");
                return;
            }

            long now = store.UtcNow.ToUnixTimeMilliseconds();
            var call = new MemoryCall(this, command, frame, _args, now);
            if (!command.Takes(_args.Count))
            {
                Transaction?.IsAborted = true;
                call.WrongArity();
            }
            else if (Transaction is not null && command.Name is not ("multi" or "exec" or "discard" or "watch"))
            {
                Queue(Transaction, frame);
            }
            else
            {
                command.Handler(call);
            }

            store.Tidy(now);
        }
    }

    private void Queue(MemoryTransaction transaction, ReadOnlySpan<byte> frame)
    {
        if (transaction.IsAborted)
        {
            Reply.Simple("QUEUED"u8);
        }
        else if (TryKeep(MemoryTransaction.RequestOverhead + frame.Length))
        {
            transaction.Requests.Add(frame.ToArray());
            Reply.Simple("QUEUED"u8);
        }
        else
        {
            transaction.IsAborted = true;
            Reply.Error(MemoryErrors.OutOfMemory);
        }
    }

    private void Book(long bytes)
    {
        _kept += bytes;
        store.Stats.KeptBytes += bytes;
        store.Stats.UsedBytes += bytes;
    }

    /// <summary>Runs what was queued, each with its reply.</summary>
    internal void Run(List<byte[]> requests)
    {
        foreach (byte[] request in requests)
        {
            RequestScanState state = default;
            _ = RespRequestScanner.Scan(request, ref state, _args, RespLimits.Default, out _, out _);
            Handle(request);
        }
    }
}
