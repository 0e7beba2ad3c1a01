using Keyway.Net.Timers;

namespace Keyway.Net.Tests.Timers;

public sealed class TimerWheelTests : IReactorObserver
{
    private const int Tick = 8;
    private const int Turn = 512 * Tick;

    private readonly List<Exception> _faults = [];

    [Fact]
    public void Advance_AroundDueTime_FiresNeverEarlyAndWithinOneTick()
    {
        for (var due = 0; due < 64; due++)
        {
            var wheel = new TimerWheel(0, this);
            var timer = new TestTimer();
            wheel.Set(timer, due);

            for (var now = 0; now < due; now++)
            {
                wheel.Advance(now);
            }

            Assert.Empty(timer.Fired);
            for (var now = due; now <= due + Tick; now++)
            {
                wheel.Advance(now);
            }

            Assert.Single(timer.Fired);
            Assert.False(timer.IsSet);
            Assert.Equal(0, wheel.Count);
        }
    }

    [Fact]
    public void Cancel_SetTimer_NeverFires()
    {
        var wheel = new TimerWheel(0, this);
        var timer = new TestTimer();
        wheel.Set(timer, 100);

        wheel.Cancel(timer);
        wheel.Cancel(timer);
        wheel.Advance(10_000);

        Assert.Empty(timer.Fired);
        Assert.Equal(-1, wheel.DelayFrom(10_000));
    }

    [Fact]
    public void Set_TimerThatIsSet_MovesIt()
    {
        var wheel = new TimerWheel(0, this);
        var timer = new TestTimer();
        wheel.Set(timer, 100);
        wheel.Set(timer, 300);

        wheel.Advance(290);
        Assert.Empty(timer.Fired);
        wheel.Advance(304);

        Assert.Equal([304], timer.Fired);
    }

    [Fact]
    public void Set_WhileFiring_FiresAgain()
    {
        var wheel = new TimerWheel(0, this);
        var timer = new TestTimer((timer, now) => wheel.Set(timer, now + 16));
        wheel.Set(timer, 16);

        for (var now = 0; now <= 160; now += Tick)
        {
            wheel.Advance(now);
        }

        Assert.Equal(10, timer.Fired.Count);
    }

    [Fact]
    public void Set_PastTimeWhileFiring_DoesNotLoop()
    {
        var wheel = new TimerWheel(0, this);
        var timer = new TestTimer((timer, _) => wheel.Set(timer, 0));
        wheel.Set(timer, 0);

        wheel.Advance(Tick);
        wheel.Advance(2 * Tick);

        Assert.Equal(2, timer.Fired.Count);
    }

    [Fact]
    public void OnDue_Throws_ObserverIsToldAndOthersFire()
    {
        var wheel = new TimerWheel(0, this);
        TestTimer[] timers = [.. Enumerable.Range(0, 3).Select(static _ => new TestTimer(static (_, _) => throw new InvalidOperationException()))];
        Array.ForEach(timers, timer => wheel.Set(timer, 10));

        wheel.Advance(16);

        Assert.All(timers, static timer => Assert.Single(timer.Fired));
        Assert.Equal(3, _faults.Count);
        Assert.Equal(0, wheel.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Cancel_NeighboursWhileFiring_OthersOfTheSlotStillFire(int cancelled)
    {
        var wheel = new TimerWheel(0, this);
        TestTimer[] timers = [];
        timers = [.. Enumerable.Range(0, 4).Select(_ => new TestTimer((timer, _) =>
        {
            var victim = timers.Where(other => other != timer && other.IsSet).Skip(cancelled).FirstOrDefault();
            if (timers.Sum(static other => other.Fired.Count) == 1 && victim is not null)
            {
                wheel.Cancel(victim);
            }
        }))];
        foreach (var timer in timers)
        {
            wheel.Set(timer, 50);
        }

        wheel.Advance(56);

        Assert.Equal(3, timers.Count(static timer => timer.Fired.Count == 1));
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Set_NeighbourToItsOwnSlotWhileFiring_NeitherLosesNorHurriesAny()
    {
        var wheel = new TimerWheel(0, this);
        TestTimer[] timers = [];
        timers = [.. Enumerable.Range(0, 4).Select(_ => new TestTimer((timer, _) =>
        {
            // The same slot, one turn on.
            if (timers.Sum(static other => other.Fired.Count) == 1)
            {
                wheel.Set(timers[1], 56 + Turn);
            }
        }))];
        foreach (var timer in timers)
        {
            wheel.Set(timer, 56);
        }

        wheel.Advance(56);
        Assert.Equal([1, 0, 1, 1], timers.Select(static timer => timer.Fired.Count));

        wheel.Advance(56 + Turn);
        Assert.Equal([1, 1, 1, 1], timers.Select(static timer => timer.Fired.Count));
    }

    [Theory]
    [InlineData(Turn - 1)]
    [InlineData(Turn)]
    [InlineData(Turn + 1)]
    [InlineData(10 * Turn)]
    [InlineData(24L * 3600 * 1000)]
    public void Set_FarAway_FiresOnceInTime(long due)
    {
        var wheel = new TimerWheel(0, this);
        var timer = new TestTimer();
        wheel.Set(timer, due);
        var now = 0L;
        var looks = 0L;
        while (timer.Fired.Count == 0)
        {
            now += wheel.DelayFrom(now);
            wheel.Advance(now);
            looks++;
        }

        Assert.InRange(now, due, due + Tick);
        Assert.InRange(looks, 1, (due / Turn) + 2);
    }

    [Fact]
    public void Set_EndOfTime_NeverFiresAndNeverSpins()
    {
        var wheel = new TimerWheel(0, this);
        var timer = new TestTimer();
        wheel.Set(timer, long.MaxValue);
        var now = 0L;
        for (var i = 0; i < 100; i++)
        {
            now += wheel.DelayFrom(now);
            wheel.Advance(now);
        }

        Assert.Empty(timer.Fired);
        Assert.InRange(now, 98 * Turn, 101 * Turn);
    }

    [Fact]
    public void Advance_AfterLongPause_FiresAllThatIsDueAndNothingElse()
    {
        var wheel = new TimerWheel(0, this);
        var early = new TestTimer();
        var middle = new TestTimer();
        var late = new TestTimer();
        const long Hour = 3600 * 1000;
        wheel.Set(early, 5);
        wheel.Set(middle, Hour / 2);
        wheel.Set(late, Hour + 100);

        wheel.Advance(Hour);

        Assert.Single(early.Fired);
        Assert.Single(middle.Fired);
        Assert.Empty(late.Fired);
        wheel.Advance(Hour + 104);
        Assert.Single(late.Fired);
    }

    void IReactorObserver.OnFault(Exception exception) => _faults.Add(exception);

    void IReactorObserver.OnAcceptStalled(string address) => throw new NotSupportedException();

    [Fact]
    public void DelayFrom_NoTimer_IsForEver() => Assert.Equal(-1, new TimerWheel(0, this).DelayFrom(0));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AnyOperations_ComparedWithList_Agree(int seed)
    {
        var random = new Random(seed);
        var start = random.NextInt64(1L << 40);
        var model = new Dictionary<TestTimer, (long Due, long SetAt)>();
        var wheel = new TimerWheel(start, this);
        var now = start;
        TestTimer[] timers = [];
        timers = [.. Enumerable.Range(0, 60).Select(_ => new TestTimer((timer, firedAt) =>
        {
            Assert.True(model.Remove(timer, out var entry), "fired although it was not set");
            Assert.Equal(now, firedAt);
            Assert.True(entry.Due <= now, "fired early");
            for (var i = random.Next(4); i > 0; i--)
            {
                Change();
            }
        }))];

        for (var step = 0; step < 5_000; step++)
        {
            for (var i = random.Next(4); i > 0; i--)
            {
                Change();
            }

            now += NextStep();
            wheel.Advance(now);

            Assert.Empty(_faults);
            Assert.Equal(model.Count, wheel.Count);
            Assert.DoesNotContain(model.Values, entry => Math.Max(entry.Due, entry.SetAt) + Tick <= now);
            var delay = wheel.DelayFrom(now);
            Assert.Equal(model.Count == 0, delay < 0);
            if (model.Count > 0)
            {
                Assert.InRange(delay, 1, Turn);
                Assert.True(now + delay <= model.Values.Min(static entry => Math.Max(entry.Due, entry.SetAt)) + Tick, "would wake too late");
            }
        }

        void Change()
        {
            var timer = timers[random.Next(timers.Length)];
            if (random.Next(3) == 0)
            {
                wheel.Cancel(timer);
                model.Remove(timer);
                return;
            }

            var due = now + random.Next(5) switch
            {
                0 => random.Next(-50, 20),
                1 => random.Next(20),
                2 => random.Next(500),
                3 => Turn * random.Next(1, 3),
                _ => random.Next(4 * Turn),
            };
            wheel.Set(timer, due);
            model[timer] = (due, now);
        }

        long NextStep() => random.Next(6) switch
        {
            0 => 0,
            1 => random.Next(1, 4),
            2 => Tick,
            3 => Math.Max(0, wheel.DelayFrom(now)),
            4 => random.Next(200),
            _ => random.Next(3 * Turn),
        };
    }
}
