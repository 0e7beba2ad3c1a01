using Keyway.Net.Timers;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Relay;

/// <summary>
/// One reactor's way to the spool: the records of a wake-up are one batch, committed at its end, and their clients are answered when it is settled.
/// </summary>
internal sealed class RecordIntake
{
    private const int WakeMilliseconds = 50; // room comes when the sink has taken something, which nobody tells
    private const int MostSpare = 16;

    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private readonly PoolState _pool;
    private readonly IRecordSpool _spool;
    private readonly IWriteProducer _producer;
    private readonly Queue<AwaitedBatch> _awaited = new();
    private readonly Stack<AwaitedBatch> _spare = new();
    private readonly List<ClientConnection> _waiting = [];
    private readonly ActionTimer _wakeTimer;
    private readonly Action _flush;
    private readonly Action _takeSettled;
    private readonly Action _wakeNow;
    private readonly LogLimit _drops = new(LogInterval, TimeProvider.System);
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private AwaitedBatch _open;
    private int _appended; // records in the open batch
    private bool _isFlushing;
    private bool _isCommitting;
    private bool _isWaking;

    /// <summary>To be made on the reactor's thread.</summary>
    internal RecordIntake(PoolState pool, IRecordSpool spool)
    {
        _pool = pool;
        _spool = spool;
        _open = new AwaitedBatch(pool.Reactor.Buffers);
        _wakeTimer = new ActionTimer(Wake);
        _flush = Flush;
        _takeSettled = TakeSettled;
        _wakeNow = WakeNow;
        _producer = spool.CreateProducer(OnSettled);
    }

    /// <summary>Longest record, in bytes.</summary>
    internal int MaxRecordBytes => _spool.MaxRecordBytes;

    /// <summary>The batch that gets the answer to what was offered last.</summary>
    internal AwaitedBatch Open => _open;

    /// <summary>Puts a record of at most <see cref="MaxRecordBytes"/> into the batch of this wake-up, or does what <c>when_full</c> says.</summary>
    internal Offer Offer(ReadOnlySpan<byte> record)
    {
        WriteResult result = _producer.Append(default, record);
        if (result == WriteResult.Taken)
        {
            _appended++;
            _pool.Counters.Records++;
            _pool.Counters.RecordBytes += record.Length;
            if (!_isFlushing)
            {
                _isFlushing = true;
                _pool.Reactor.Defer(_flush);
            }

            return Smart.Offer.Taken;
        }

        if (result == WriteResult.Busy)
        {
            return Smart.Offer.Later;
        }

        if (result == WriteResult.Refused)
        {
            return Smart.Offer.Refused;
        }

        switch (_pool.Config.Smart.WhenFull)
        {
            case WhenFull.Error:
                return Smart.Offer.Refused;
            case WhenFull.DropNewest:
                CountDropped(1);
                return Smart.Offer.Dropped;
            case WhenFull.DropOldest:
                CountDropped(_spool.DropOldest());
                return Smart.Offer.Later;
            default:
                return Smart.Offer.Later;
        }
    }

    /// <summary>The client is not read until something has changed; then its request is offered again.</summary>
    internal void Wait(ClientConnection client)
    {
        client.Pause(PauseReasons.Writes);
        _waiting.Add(client);
        if (!_wakeTimer.IsSet)
        {
            _pool.Reactor.Timers.Set(_wakeTimer, _pool.Reactor.Now + WakeMilliseconds);
        }
    }

    /// <summary>The process ends.</summary>
    internal void Close()
    {
        _pool.Reactor.Timers.Cancel(_wakeTimer);
        Flush();
    }

    private void Flush()
    {
        _isFlushing = false;
        if (_appended == 0)
        {
            return;
        }

        _appended = 0;
        _awaited.Enqueue(_open);
        _open = _spare.TryPop(out AwaitedBatch? spare) ? spare : new AwaitedBatch(_pool.Reactor.Buffers);
        _isCommitting = true;
        _producer.Commit();
        _isCommitting = false;
        TakeSettled();
    }

    /// <summary>On any thread. What is settled within Commit is taken behind it.</summary>
    private void OnSettled()
    {
        if (Environment.CurrentManagedThreadId != _thread || !_isCommitting)
        {
            _pool.Reactor.Post(_takeSettled);
        }
    }

    private void TakeSettled()
    {
        while (_awaited.Count > 0 && _producer.TryTakeSettled(out _, out string? failure))
        {
            AwaitedBatch batch = _awaited.Dequeue();
            batch.Settle(_pool.Requests, failure is null ? null : Failure.RecordNotKept(failure));
            if (_spare.Count < MostSpare)
            {
                _spare.Push(batch);
            }
        }

        Wake();
    }

    private void CountDropped(long count)
    {
        _pool.Counters.RecordsDropped += count;
        if (count > 0 && _drops.TryPass(out long withheld))
        {
            _pool.Shared.Log.Write(
                LogLevel.Warn,
                "records_dropped",
                $"the backlog is full (max_backlog): {count} records were given up, {_pool.Counters.RecordsDropped} since the start on this reactor; {withheld} such lines left out",
                ("pool", _pool.Config.Name));
        }
    }

    /// <summary>Whoever waits may try again, at the end of this wake-up.</summary>
    private void Wake()
    {
        if (_waiting.Count > 0 && !_isWaking)
        {
            _isWaking = true;
            _pool.Reactor.Defer(_wakeNow);
        }
    }

    private void WakeNow()
    {
        _isWaking = false;
        ClientConnection[] waiting = [.. _waiting];
        _waiting.Clear();
        foreach (ClientConnection client in waiting)
        {
            client.Unpause(PauseReasons.Writes);
        }
    }
}
