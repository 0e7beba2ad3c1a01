using Keyway.Proxy.Telemetry;

namespace Keyway.WriteBehind.Batching;

/// <summary>What a relay says: the first failure and the recovery always, what repeats itself at most once in a while.</summary>
/// <param name="log">The log.</param>
/// <param name="pool">The relay's pool.</param>
/// <param name="sink">Where it delivers to.</param>
/// <param name="time">The clock.</param>
internal sealed class RelayLog(Log log, string pool, string sink, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly LogLimit _progress = new(TimeSpan.FromMinutes(1), time);
    private readonly LogLimit _failures = new(Interval, time);
    private readonly LogLimit _records = new(Interval, time);
    private readonly LogLimit _throttling = new(Interval, time);
    private readonly LogLimit _refusals = new(TimeSpan.FromSeconds(1), time);
    private readonly LogLimit _disk = new(TimeSpan.FromSeconds(1), time);
    private long _downSince;
    private bool _isDown;

    /// <summary>A call failed and will be repeated.</summary>
    internal void Failed(string reason)
    {
        if (Begin() || _failures.TryPass(out _))
        {
            Write(LogLevel.Warn, "sink_failed", $"the sink fails, and is tried again: {reason}");
        }
    }

    /// <summary>Nothing will be accepted until somebody acts.</summary>
    internal void Parked(string reason)
    {
        Begin();
        Write(LogLevel.Error, "sink_parked", $"the sink refuses everything until somebody acts; records are kept and it is asked now and then: {reason}");
    }

    /// <summary>A call was accepted after failures.</summary>
    internal void Recovered()
    {
        if (_isDown)
        {
            _isDown = false;
            Write(LogLevel.Info, "sink_recovered", $"the sink accepts again, after {time.GetElapsedTime(_downSince).TotalSeconds:0.0} s");
        }
    }

    /// <summary>Some records of a call were not accepted and go again.</summary>
    internal void RecordsFailed(int count, string reason)
    {
        if (_records.TryPass(out long withheld))
        {
            Write(LogLevel.Warn, "records_failed", $"{count} records of a call were not accepted, and go again: {reason}; {withheld} such lines left out");
        }
    }

    /// <summary>The sink asked for less at a time.</summary>
    internal void Throttled(string reason, double bytesPerSecond)
    {
        if (_throttling.TryPass(out long withheld))
        {
            Write(LogLevel.Warn, "sink_throttled", $"the sink throttles; going on with {bytesPerSecond:0} bytes a second: {reason}; {withheld} such lines left out");
        }
    }

    /// <summary>Old records wait.</summary>
    internal void Behind(TimeSpan oldest, Func<long> pending, long delivered)
    {
        if (_progress.TryPass(out _))
        {
            Write(LogLevel.Info, "relay_behind", $"{pending()} records wait, the oldest for {oldest.TotalSeconds:0} s; {delivered} were delivered since the start");
        }
    }

    /// <summary>A record will never be accepted.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="fate">What becomes of it.</param>
    internal void Refused(string reason, string fate)
    {
        if (_refusals.TryPass(out long withheld))
        {
            Write(LogLevel.Error, "record_refused", $"a record was refused and {fate}: {reason}; {withheld} such lines left out");
        }
    }

    /// <summary>What was found on disk at the start.</summary>
    internal void Opened(string message) => Write(LogLevel.Info, "journal_recovered", message);

    /// <summary>The disk fails, or our own code.</summary>
    internal void DiskFailed(Exception e)
    {
        if (_disk.TryPass(out long withheld))
        {
            Write(LogLevel.Error, "journal_failed", $"{e.Message}; {withheld} such lines left out");
        }
    }

    /// <summary>A defect of ours on the delivery's thread.</summary>
    internal void Defect(Exception e) => Write(LogLevel.Error, "relay_failed", $"the delivery met a defect: {e}");

    /// <summary>True if the sink was well before.</summary>
    private bool Begin()
    {
        if (_isDown)
        {
            return false;
        }

        (_isDown, _downSince) = (true, time.GetTimestamp());
        _failures.TryPass(out _);
        return true;
    }

    private void Write(LogLevel level, string name, string message) => log.Write(level, name, message, ("pool", pool), ("sink", sink));
}
