namespace Keyway.Proxy.Telemetry;

/// <summary>Lets one of many like events through in each interval and counts the others, so that a storm does not fill the log. For any thread.</summary>
/// <param name="interval">The least time between two events that pass.</param>
/// <param name="time">The clock.</param>
public sealed class LogLimit(TimeSpan interval, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;
    private bool _hasPassed;
    private long _withheld;

    /// <summary>True if this event is to be logged.</summary>
    /// <param name="withheld">How many were not since the last one that was; 0 when the answer is false.</param>
    public bool TryPass(out long withheld)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (_hasPassed && time.GetElapsedTime(_last, now) < interval)
            {
                _withheld++;
                withheld = 0;
                return false;
            }

            (_hasPassed, _last) = (true, now);
            (withheld, _withheld) = (_withheld, 0);
            return true;
        }
    }
}
