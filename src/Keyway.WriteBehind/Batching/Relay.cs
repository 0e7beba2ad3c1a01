using Keyway.Proxy.Configuration;
using Keyway.Proxy.Management;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;
using Keyway.WriteBehind.Delivery;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Batching;

/// <summary>A pool's relay: its records, on disk or in memory, and the thread that delivers them.</summary>
public sealed class Relay : IRecordSpool
{
    /// <summary>How long calls that were given up, and the sink's own end, may take.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan DefectPause = TimeSpan.FromSeconds(1);

    private readonly ISink _sink;
    private readonly IRecordSource _source;
    private readonly DeadLetterBox? _letters;
    private readonly RecordDelivery _delivery;
    private readonly RelayLog _log;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEventSlim _drained = new();
    private long _dropped;
    private volatile bool _isEnding;
    private bool _isDisposed;

    private Relay(PoolConfig pool, ISink sink, Log log, TimeProvider time)
    {
        _sink = sink;
        _time = time;
        _log = new RelayLog(log, pool.Name, sink.Name, time);
        BatchLimits limits = new(sink.Limits, pool.Relay);
        MaxRecordBytes = limits.IncomingBytes;
        (_source, _letters) = OpenStores(pool);
        _delivery = new RecordDelivery(
            _source,
            limits,
            pool.Relay.Batch,
            (records, stop) => Task.Run(() => sink.SendAsync(records, stop), CancellationToken.None), // what a sink computes is not to hold up the others
            KeepLetter,
            _log,
            time,
            new Random(),
            () => _wake.Set());
        _thread = new Thread(Run) { Name = "keyway-relay", IsBackground = true };
    }

    /// <inheritdoc/>
    public int MaxRecordBytes { get; }

    /// <summary>Opens what is on disk, and begins to deliver.</summary>
    /// <param name="pool">A pool with <c>protocol: firehose</c> whose configuration was checked.</param>
    /// <param name="sink">Where records go; it is disposed of with the relay.</param>
    /// <param name="log">Hears of failures.</param>
    /// <param name="time">The clock of the records, of lingering and of waiting.</param>
    /// <exception cref="JournalException">The journal cannot be used; the sink is the caller's then.</exception>
    public static Relay Open(PoolConfig pool, ISink sink, Log log, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(time);
        Relay relay = new(pool, sink, log, time);
        relay._thread.Start();
        return relay;
    }

    /// <inheritdoc/>
    public IWriteProducer CreateProducer(Action onSettled) => _source.CreateProducer(onSettled);

    /// <inheritdoc/>
    public long DropOldest()
    {
        long dropped = _source.DropOldest();
        Interlocked.Add(ref _dropped, dropped);
        return dropped;
    }

    /// <inheritdoc/>
    public RelayStatus GetStatus()
    {
        RelayStatus status = _delivery.GetStatus(out long oldest);
        long pending = _source.Pending;
        TimeSpan age = pending == 0 || oldest == 0 ? TimeSpan.Zero : _time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest);
        return status with
        {
            Pending = pending,
            PendingBytes = _source.PendingBytes,
            OldestAge = age > TimeSpan.Zero ? age : TimeSpan.Zero,
            Dropped = status.Dropped + Interlocked.Read(ref _dropped),
        };
    }

    /// <inheritdoc/>
    public Undelivered Drain(TimeSpan limit)
    {
        _delivery.BeginDrain();
        _drained.Wait(limit);
        End();
        long left = _source.Pending;
        return _source.IsKept ? new Undelivered(Lost: 0, Kept: left) : new Undelivered(Lost: left, Kept: 0);
    }

    /// <summary>Ends without delivering more: what is on disk stays there.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        End();
        _source.Dispose();
        _letters?.Dispose();
        _sink.DisposeAsync().AsTask().Wait(EndLimit);
    }

    private (IRecordSource Source, DeadLetterBox? Letters) OpenStores(PoolConfig pool)
    {
        SmartConfig config = pool.Smart;
        if (!config.HasJournal)
        {
            return (new MemorySource(config.MaxBacklog, OnArrival, _time), OpenLetters(pool));
        }

        string directory = JournalPlaces.Journal(config.JournalDir ?? throw new JournalException("journal_dir is missing"), pool.Name);
        SegmentedJournal journal = JournalSource.OpenJournal(directory, config, _log.DiskFailed, _time);
        try
        {
            RecoveryReport report = journal.Recovery;
            if (report.Pending > 0)
            {
                _log.Opened($"the journal has {report.Pending} records to deliver; {report.CorruptRanges} damaged stretches were put aside, {report.TornBytes} bytes of an unfinished write cut");
            }

            return (new JournalSource(journal, OnArrival), OpenLetters(pool));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>A refused record was answered: as long as there is a place on disk it is kept, whatever <c>dead_letters</c> says.</summary>
    private DeadLetterBox? OpenLetters(PoolConfig pool) => pool.Smart.JournalDir is { } directory
        ? DeadLetterBox.Open(JournalPlaces.DeadLetters(directory, pool.Name), _log.DiskFailed, _time)
        : null;

    private bool KeepLetter(string reason, ReadOnlyMemory<byte> record) => _letters is not null && _letters.Keep(reason, [], record.Span);

    private void OnArrival()
    {
        if (_delivery.TakeWish())
        {
            _wake.Set();
        }
    }

    private void Run()
    {
        while (!_isEnding || !_delivery.IsIdle)
        {
            TimeSpan? wait;
            try
            {
                wait = _delivery.Turn();
                if (_delivery.IsDrained)
                {
                    _drained.Set();
                }
            }
            catch (Exception defect)
            {
                // What is on disk is not lost by it; the next start delivers it.
                _log.Defect(defect);
                wait = DefectPause;
            }

            _wake.WaitOne(wait ?? Timeout.InfiniteTimeSpan);
        }
    }

    private void End()
    {
        if (!_isEnding)
        {
            _delivery.Stop();
            _isEnding = true;
            _wake.Set();
            _thread.Join(EndLimit);
        }
    }
}
