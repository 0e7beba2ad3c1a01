using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;
using Keyway.Testing;
using Keyway.WriteBehind.Batching;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>A delivery from memory to a scripted sink, whose turns happen, and whose time passes, when the test says so.</summary>
internal sealed class DeliveryRig : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly IWriteProducer _producer;
    private readonly MemoryStream _log = new();
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;

    public DeliveryRig(BatchConfig? config = null, ScriptedSink? sink = null, IRecordSource? source = null, int seed = 1)
    {
        // With the test runner's context the ends of calls would go to other threads; without one they happen where the test makes them happen.
        SynchronizationContext.SetSynchronizationContext(null);
        config ??= new BatchConfig();
        Sink = sink ?? new ScriptedSink();
        Source = source ?? new MemorySource(1L << 30, static () => { }, Time);
        Limits = new BatchLimits(Sink.Limits, new RelayConfig { Batch = config });
        Delivery = new RecordDelivery(
            Source,
            Limits,
            config,
            Sink.SendAsync,
            (reason, record) =>
            {
                Letters.Add((reason, Encoding.Latin1.GetString(record.Span)));
                return KeepsLetters;
            },
            new RelayLog(new Log(new LogConfig(), _log, Time), "pool", "sink", Time),
            Time,
            new Random(seed),
            () => Wakes++);
        _producer = Source.CreateProducer(static () => { });
    }

    public ManualTimeProvider Time { get; } = new();

    public ScriptedSink Sink { get; }

    public IRecordSource Source { get; }

    public BatchLimits Limits { get; }

    public RecordDelivery Delivery { get; }

    public List<(string Reason, string Record)> Letters { get; } = [];

    public bool KeepsLetters { get; set; } = true;

    public int Wakes { get; private set; }

    public string Log => Encoding.UTF8.GetString(_log.ToArray());

    public RelayStatus Status => Delivery.GetStatus(out _);

    public void Dispose()
    {
        Delivery.Stop();
        Source.Dispose();
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    /// <summary>Commits records as one batch, and takes a turn.</summary>
    public void Add(params IEnumerable<string> records)
    {
        foreach (string record in records)
        {
            Assert.Equal(WriteResult.Taken, _producer.Append([], Encoding.Latin1.GetBytes(record)));
        }

        _producer.Commit();
        Delivery.Turn();
    }

    /// <summary>Lets time pass, with a turn whenever one is due.</summary>
    public void Pass(TimeSpan time)
    {
        TimeSpan left = time;
        while (true)
        {
            TimeSpan? due = Delivery.Turn();
            if (left == TimeSpan.Zero)
            {
                return;
            }

            long most = Sink.UnderWay > 0 ? Math.Min(Step.Ticks, left.Ticks) : left.Ticks; // calls end when they like
            TimeSpan step = TimeSpan.FromTicks(Math.Clamp(due?.Ticks ?? most, 1, most));
            Time.Advance(step);
            left -= step;
        }
    }

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets time pass until nothing is pending.</summary>
    public void Finish(double seconds = 3600)
    {
        for (double passed = 0; Source.Pending > 0 && passed < seconds; passed++)
        {
            Pass(1);
        }

        // The runtime may end a call on another thread, however the test has set it up.
        SpinWait.SpinUntil(
            () =>
            {
                Pass(Source.Pending > 0 && Status.InFlight > 0 ? 1 : 0);
                return Source.Pending == 0 || Status.InFlight == 0;
            },
            TimeSpan.FromSeconds(20));
        Assert.True(Source.Pending == 0, $"{Source.Pending} pending: {Status}, held {Delivery.Held}, {Delivery.Rate} bytes a second");
        Assert.Equal(0, Delivery.Held);
    }

    /// <summary>Answers after a time.</summary>
    public Task<T> Later<T>(TimeSpan time, Func<T> result)
    {
        TaskCompletionSource<T> source = new();
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                source.SetResult(result());
            },
            null,
            time,
            Timeout.InfiniteTimeSpan);
        return source.Task;
    }
}
