using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Relay;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Batching;

/// <summary>
/// Brings records from where they are kept to the sink: reads no more than it sends, puts batches together, repeats what failed in front of what is new,
/// and completes what was accepted.
/// </summary>
/// <remarks>
/// One thread calls <see cref="Turn"/>, which does all that is due and says when something will be; the ends of calls wake it. It may wait for the disk. At most
/// <c>parallel</c> batches are under way or waiting to be repeated, and one more is read ahead: that bounds the memory while the sink is away.
/// </remarks>
internal sealed partial class RecordDelivery : IDisposable
{
    /// <summary>What a line costs in memory beside its bytes, roughly.</summary>
    private const int LineCost = 128;

    private static readonly TimeSpan ParkedPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadPause = TimeSpan.FromSeconds(1);

    private readonly IRecordSource _source;
    private readonly BatchLimits _limits;
    private readonly BatchConfig _config;
    private readonly Func<IReadOnlyList<SinkRecord>, CancellationToken, Task<SinkResult>> _send;
    private readonly Func<string, ReadOnlyMemory<byte>, bool> _keepLetter;
    private readonly RelayLog _log;
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly BackOff _backOff;
    private readonly Pace _pace;
    private readonly int _parallel;
    private readonly long _mostHeld;
    private readonly TimeSpan _lingerPoll;
    private readonly Queue<Parcel> _fresh = new();
    private readonly PriorityQueue<Parcel, long> _front = new();
    private readonly Stack<Call> _pieces = new();
    private readonly List<Call> _calls = [];
    private readonly ConcurrentQueue<Call> _finished = new();
    private readonly List<long> _done = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _statusGate = new();
    private RelayStatus _status;
    private Parcel? _open;
    private long _freshBytes;
    private long _held;
    private long _notBefore;
    private long _frontNotBefore;
    private long _readNotBefore;
    private int _wantsArrivals;
    private volatile bool _isDraining;

    /// <param name="source">Where the records are.</param>
    /// <param name="limits">What goes in a call.</param>
    /// <param name="config">How it is sent.</param>
    /// <param name="send">A call; may end on any thread.</param>
    /// <param name="keepLetter">Sets a record aside, for a reason; false if it is lost.</param>
    /// <param name="log">Hears of failures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Makes the jitter.</param>
    /// <param name="wake">Called on any thread: a turn is due.</param>
    internal RecordDelivery(
        IRecordSource source,
        BatchLimits limits,
        BatchConfig config,
        Func<IReadOnlyList<SinkRecord>, CancellationToken, Task<SinkResult>> send,
        Func<string, ReadOnlyMemory<byte>, bool> keepLetter,
        RelayLog log,
        TimeProvider time,
        Random random,
        Action wake)
    {
        (_source, _limits, _config, _send, _keepLetter, _log, _time, _wake) = (source, limits, config, send, keepLetter, log, time, wake);
        _backOff = new BackOff(config, random);
        _pace = new Pace(time);
        _parallel = config.StrictOrder ? 1 : Math.Max(1, config.Parallel);
        _mostHeld = (_parallel + 1) * (limits.Bytes + (long)LineCost * limits.Records * (limits.Aggregate > 0 ? limits.AggregateLines : 1));
        _lingerPoll = TimeSpan.FromMilliseconds(Math.Clamp(config.Linger.TotalMilliseconds / 20, 1, 50));
        _notBefore = _frontNotBefore = _readNotBefore = time.GetTimestamp();
    }

    /// <summary>True when all that can be delivered in the time that is left has been, once <see cref="BeginDrain"/> was called.</summary>
    internal bool IsDrained => _isDraining && _calls.Count == 0 && !_source.IsBusy && (_source.Pending <= _staying || (_source.IsKept && !IsWell));

    /// <summary>Bytes of what it has read and not got rid of, with a share for what they cost.</summary>
    internal long Held => _held;

    /// <summary>Bytes a second that the sink is sent at most.</summary>
    internal double Rate => _pace.Rate;

    /// <summary>True if no call is under way.</summary>
    internal bool IsIdle => _calls.Count == 0;

    private bool IsWell => _failures == 0 && _parked is null;

    /// <summary>Calls that may be under way. A sink that fails is asked with one at a time.</summary>
    private int Slots => IsWell ? _parallel : 1;

    private bool FreshIsFull => _fresh.Count >= _limits.Records + (_limits.Aggregate > 0 ? 1 : 0) || _freshBytes >= _limits.Bytes;

    /// <summary>Does what is due. Returns when the next turn is, or null if nothing will be before it is woken.</summary>
    internal TimeSpan? Turn()
    {
        TimeSpan? wait;
        do
        {
            do
            {
                TakeFinished();
                ReadAhead();
            }
            while (TryStart(out wait) || !_finished.IsEmpty);

            // Whoever comes after this wakes it; who came before is seen by one more look.
            Interlocked.Exchange(ref _wantsArrivals, _fresh.Count == 0 && _held < _mostHeld ? 1 : 0);
            ReadAhead();
            CompleteDone();
        }
        while (_wantsArrivals == 1 && _fresh.Count > 0);

        Publish();
        return wait;
    }

    /// <summary>True, once, if it sleeps until something arrives.</summary>
    internal bool TakeWish() => Volatile.Read(ref _wantsArrivals) == 1 && Interlocked.Exchange(ref _wantsArrivals, 0) == 1;

    /// <summary>From now on nothing lingers. For any thread.</summary>
    internal void BeginDrain()
    {
        _isDraining = true;
        _wake();
    }

    /// <summary>From now on no call is begun, and those under way are given up. For any thread.</summary>
    internal void Stop() => _stop.Cancel();

    /// <summary>How it stands, but for what the source knows. For any thread.</summary>
    /// <param name="oldest">When the oldest record that it has read was taken, in milliseconds of Unix time; 0 if it has none.</param>
    internal RelayStatus GetStatus(out long oldest)
    {
        lock (_statusGate)
        {
            oldest = _oldest;
            return _status;
        }
    }

    public void Dispose() => _stop.Dispose();

    private void ReadAhead()
    {
        if (_stop.IsCancellationRequested || IsAhead(_readNotBefore, out _))
        {
            return;
        }

        while (!FreshIsFull && _held < _mostHeld)
        {
            ReadResult result = _source.Read(out JournalRecord record);
            if (result == ReadResult.Record)
            {
                Take(record);
                continue;
            }

            if (result == ReadResult.Failed)
            {
                _readNotBefore = After(ReadPause);
            }

            return;
        }
    }

    private void Take(JournalRecord record)
    {
        int length = Parcel.LengthOf(record.Payload, _limits);
        if (length > _limits.RecordBytes)
        {
            // The limits were others when it was taken.
            SetAside(record.Sequence, record.Payload.ToArray(), $"longer than {_limits.IncomingBytes} bytes");
            return;
        }

        long before = _open is null ? 0 : _limits.Encoded(_open.Length);
        if (_open is not null && _open.TryJoin(record, _limits))
        {
            _freshBytes += _limits.Encoded(_open.Length) - before;
        }
        else
        {
            Parcel parcel = Parcel.Of(record, _limits, _time.GetTimestamp());
            _fresh.Enqueue(parcel);
            _freshBytes += _limits.Encoded(parcel.Length);
            _open = _limits.Aggregate > 0 ? parcel : null;
        }

        _held += length + LineCost;
    }

    /// <summary>Begins a call if one is due; else says how long until one may be.</summary>
    private bool TryStart(out TimeSpan? wait)
    {
        wait = null;
        if (_stop.IsCancellationRequested || _calls.Count >= Slots || IsAhead(_notBefore, out wait))
        {
            return false;
        }

        bool isReady = _front.Count > 0 && !IsAhead(_frontNotBefore, out wait);
        bool isPiece = _pieces.TryPeek(out Call? piece) && !(_config.StrictOrder && _front.TryPeek(out _, out long failed) && failed < piece.Parcels[0].Id);
        if (!isPiece && !isReady && !FreshMayLeave(ref wait))
        {
            return false;
        }

        TimeSpan pause = _pace.Wait();
        if (pause > TimeSpan.Zero)
        {
            wait = pause;
            return false;
        }

        Begin(isPiece ? _pieces.Pop() : Compose(isReady));
        return true;
    }

    private bool FreshMayLeave(ref TimeSpan? wait)
    {
        if (_fresh.Count == 0 || (_config.StrictOrder && _front.Count > 0))
        {
            wait = IsAhead(_readNotBefore, out TimeSpan? read) ? Least(wait, read) : wait;
            return false;
        }

        TimeSpan lingered = _time.GetElapsedTime(_fresh.Peek().ReadAt);
        if (_isDraining || FreshIsFull || _freshBytes >= _pace.MostBytes || _held >= _mostHeld || lingered >= _config.Linger)
        {
            return true;
        }

        TimeSpan rest = _config.Linger - lingered;
        wait = Least(wait, rest < _lingerPoll ? rest : _lingerPoll);
        return false;
    }

    /// <summary>Puts a batch together: first what failed, then, unless the order is strict, what is new.</summary>
    private Call Compose(bool withFront)
    {
        Call call = new([], isPiece: false);
        long most = Math.Min(_limits.Bytes, _pace.MostBytes);
        while (withFront && _front.TryPeek(out Parcel? failed, out _) && TryAdd(call, failed, most))
        {
            _front.Dequeue();
        }

        if (_front.Count == 0 || !withFront)
        {
            bool isFull = withFront && _config.StrictOrder && call.Parcels.Count > 0;
            while (!isFull && _fresh.TryPeek(out Parcel? parcel) && TryAdd(call, parcel, most))
            {
                _fresh.Dequeue();
                _freshBytes -= _limits.Encoded(parcel.Length);
                _open = parcel == _open ? null : _open;
            }
        }

        return call;
    }

    /// <summary>Adds a parcel to a batch, or drops it since its records were given up; false if it does not fit.</summary>
    private bool TryAdd(Call call, Parcel parcel, long most)
    {
        if (parcel.LastId <= _source.GivenUpTo)
        {
            Release(parcel);
            return true;
        }

        long bytes = _limits.Encoded(parcel.Length);
        if (call.Parcels.Count > 0 && (call.Parcels.Count >= _limits.Records || call.Bytes + bytes > most))
        {
            return false;
        }

        call.Parcels.Add(parcel);
        call.Bytes += bytes;
        return true;
    }

    private void Begin(Call call)
    {
        if (call.Parcels.Count == 0)
        {
            return; // All of it was given up.
        }

        call.BeganAt = _time.GetTimestamp();
        _retried += call.Parcels.Sum(static parcel => parcel.WasSent ? parcel.Count : 0);
        call.Parcels.ForEach(static parcel => parcel.WasSent = true);
        call.Bytes = call.Parcels.Sum(parcel => _limits.Encoded(parcel.Length));
        _calls.Add(call);
        _callCount++;
        _pace.Spend(call.Bytes);
        _ = RunAsync(call);
    }

    private async Task RunAsync(Call call)
    {
        SinkRecord[] records = [.. call.Parcels.Select(static parcel => parcel.ToRecord())];
        using CancellationTokenSource limit = new(_config.RequestTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            call.Result = await _send(records, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            call.Result = new SinkResult { Verdict = SinkVerdict.Retry, Reason = $"no answer within {_config.RequestTimeout.TotalSeconds:0.###} s" };
        }
        catch (Exception defect)
        {
            call.Result = new SinkResult { Verdict = SinkVerdict.Retry, Reason = $"{defect.GetType().Name}: {defect.Message}" };
        }

        _finished.Enqueue(call);
        _wake();
    }

    private void TakeFinished()
    {
        while (_finished.TryDequeue(out Call? call))
        {
            _calls.Remove(call);
            Settle(call, call.Result!);
        }

        CompleteDone();
    }

    private void CompleteDone()
    {
        if (_done.Count > 0)
        {
            // Before the next call: so what is delivered twice after a kill is what was under way.
            _source.Complete(CollectionsMarshal.AsSpan(_done));
            _done.Clear();
        }
    }

    private long After(TimeSpan wait) => _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency);

    private bool IsAhead(long timestamp, out TimeSpan? wait)
    {
        long now = _time.GetTimestamp();
        wait = timestamp > now ? _time.GetElapsedTime(now, timestamp) : null;
        return wait is not null;
    }

    private static TimeSpan? Least(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
