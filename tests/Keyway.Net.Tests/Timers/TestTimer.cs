using Keyway.Net.Timers;

namespace Keyway.Net.Tests.Timers;

/// <summary>A timer that remembers when it fired.</summary>
internal sealed class TestTimer(Action<TestTimer, long>? onDue = null) : ReactorTimer
{
    internal List<long> Fired { get; } = [];

    protected internal override void OnDue(long now)
    {
        Fired.Add(now);
        onDue?.Invoke(this, now);
    }
}
