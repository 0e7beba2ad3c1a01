namespace Keyway.Net.Timers;

/// <summary>A timer that calls a delegate, for what is off the hot path.</summary>
public sealed class ActionTimer(Action action) : ReactorTimer
{
    /// <inheritdoc/>
    protected internal override void OnDue(long now) => action();
}
