namespace Keyway.Net.Timers;

/// <summary>Something that is to happen at a time on a reactor's thread. Reusable; an entry of a <see cref="TimerWheel"/>'s list while it is set.</summary>
public abstract class ReactorTimer
{
    internal ReactorTimer? Previous { get; set; }

    internal ReactorTimer? Next { get; set; }

    internal int Slot { get; set; } = -1;

    /// <summary>When it is due, in the reactor's milliseconds; meaningful while <see cref="IsSet"/>.</summary>
    public long Due { get; internal set; }

    /// <summary>True between being set and firing or being cancelled.</summary>
    public bool IsSet => Slot >= 0;

    /// <summary>Called once when due, on the reactor's thread. May set the timer again.</summary>
    protected internal abstract void OnDue(long now);
}
