namespace Keyway.Net.Tests;

/// <summary>The system's clock; a reactor reads it once when it is made and once a wake-up, so that the count of reads tells whether it spins.</summary>
internal sealed class CountingTime : TimeProvider
{
    private long _reads;

    internal long WakeUps => Volatile.Read(ref _reads) - 1;

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _reads);
        return base.GetTimestamp();
    }
}
