using System.Numerics;

namespace Keyway.Net.Timers;

/// <summary>
/// The timers of one reactor: a hashed wheel of 512 slots of 8 ms. Setting and cancelling are a few pointer writes;
/// a timer fires at the first wake-up at or up to 8 ms after it is due, never before. A timer further away than one turn
/// (4 s) is looked at once a turn.
/// </summary>
public sealed class TimerWheel
{
    private const int TickBits = 3;
    private const int Slots = 512;

    private readonly ReactorTimer?[] _slots = new ReactorTimer?[Slots];
    private readonly ulong[] _occupied = new ulong[Slots / 64];
    private readonly IReactorObserver _observer;
    private long _tick;

    /// <summary>Timers that are set.</summary>
    public int Count { get; private set; }

    /// <summary>Makes a wheel whose time begins at <paramref name="now"/> milliseconds; <paramref name="observer"/> hears of timers that throw.</summary>
    public TimerWheel(long now, IReactorObserver observer)
    {
        _tick = now >> TickBits;
        _observer = observer;
    }

    /// <summary>Sets the timer, or moves it when it is set already.</summary>
    /// <param name="timer">The timer.</param>
    /// <param name="due">When, in the reactor's milliseconds; a past time fires at the next <see cref="Advance"/>.</param>
    public void Set(ReactorTimer timer, long due)
    {
        Cancel(timer);
        timer.Due = due;

        // Rounded up, so that a slot is reached only when its timers are due.
        long tick = Math.Max(_tick + 1, (due + (1 << TickBits) - 1) >> TickBits);
        Link(timer, (int)(tick & (Slots - 1)));
    }

    /// <summary>Takes the timer off the wheel; nothing happens when it is not set.</summary>
    public void Cancel(ReactorTimer timer)
    {
        int slot = timer.Slot;
        if (slot < 0)
        {
            return;
        }

        if (timer.Previous is null)
        {
            _slots[slot] = timer.Next;
            if (timer.Next is null)
            {
                _occupied[slot >> 6] &= ~(1UL << (slot & 63));
            }
        }
        else
        {
            timer.Previous.Next = timer.Next;
        }

        if (timer.Next is not null)
        {
            timer.Next.Previous = timer.Previous;
        }

        timer.Previous = null;
        timer.Next = null;
        timer.Slot = -1;
        Count--;
    }

    /// <summary>Fires what is due at <paramref name="now"/>.</summary>
    public void Advance(long now)
    {
        long last = now >> TickBits;
        if (Count == 0)
        {
            _tick = Math.Max(_tick, last);
            return;
        }

        // After a long pause one turn looks at every slot.
        _tick = Math.Max(_tick, last - Slots);
        while (_tick < last)
        {
            _tick++;
            ReactorTimer? timer = _slots[_tick & (Slots - 1)];
            while (timer is not null)
            {
                ReactorTimer? next = timer.Next;
                if (timer.Due <= now)
                {
                    Fire(timer, now, ref next);
                }

                timer = next;
            }
        }
    }

    /// <summary>Milliseconds until the wheel needs <see cref="Advance"/> again: 0 or more, or -1 when no timer is set.</summary>
    public int DelayFrom(long now)
    {
        if (Count == 0)
        {
            return -1;
        }

        int first = (int)((_tick + 1) & (Slots - 1));
        int distance = FirstOccupied(first);
        long due = (_tick + 1 + distance) << TickBits;
        return (int)Math.Max(0, due - now);
    }

    private void Fire(ReactorTimer timer, long now, ref ReactorTimer? next)
    {
        // What fires may cancel its neighbour: then the slot is read again from its head; fired timers have left it.
        int slot = timer.Slot;
        Cancel(timer);
        try
        {
            timer.OnDue(now);
        }
        catch (Exception e)
        {
            _observer.OnFault(e);
        }

        if (next is not null && next.Slot != slot)
        {
            next = _slots[slot];
        }
    }

    private void Link(ReactorTimer timer, int slot)
    {
        ReactorTimer? head = _slots[slot];
        timer.Slot = slot;
        timer.Next = head;
        if (head is not null)
        {
            head.Previous = timer;
        }

        _slots[slot] = timer;
        _occupied[slot >> 6] |= 1UL << (slot & 63);
        Count++;
    }

    private int FirstOccupied(int from)
    {
        for (int i = 0; i <= _occupied.Length; i++)
        {
            int word = ((from >> 6) + i) & (_occupied.Length - 1);
            ulong bits = _occupied[word];
            if (i == 0)
            {
                bits &= ulong.MaxValue << (from & 63);
            }

            if (bits != 0)
            {
                int slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                return (slot - from) & (Slots - 1);
            }
        }

        return 0;
    }
}
