using System.Diagnostics;
using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>One event after the other, under load, each when the servers are whole again after the last.</summary>
internal sealed class ChaosRun
{
    /// <summary>What the servers may take to cope, and to be whole again: theirs is not under test.</summary>
    private static readonly TimeSpan ServerLimit = TimeSpan.FromSeconds(90);

    /// <summary>What service may take beyond twice the servers' own time: a round of every client, on a machine with other work.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly IChaosServers _servers;
    private readonly KeywayProcess _keyway;
    private readonly CheckedLoad _load;
    private readonly ITestOutputHelper _output;
    private readonly TimeSpan? _duration;
    private readonly Random _random;
    private TimeSpan _longest;

    /// <summary>Events for so many minutes (<c>KEYWAY_CHAOS_MINUTES</c>, which <c>tests/chaos</c> sets), else each of them once.</summary>
    /// <param name="servers">Makes the servers' side; all that is random comes from what it is given.</param>
    /// <param name="keyway">The proxy, for its log.</param>
    /// <param name="load">The clients.</param>
    /// <param name="output">Where the run is told.</param>
    public ChaosRun(Func<Random, IChaosServers> servers, KeywayProcess keyway, CheckedLoad load, ITestOutputHelper output)
    {
        string? minutes = Environment.GetEnvironmentVariable("KEYWAY_CHAOS_MINUTES");
        _duration = minutes is null ? null : TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
        int seed = minutes is null ? 1 : Environment.TickCount;
        _random = new Random(seed);
        _servers = servers(_random);
        _keyway = keyway;
        _load = load;
        _output = output;
        _output.WriteLine($"seed {seed}");
    }

    /// <summary>Lets everything happen, in random order, again and again until the time is over.</summary>
    public void Go()
    {
        Stopwatch watch = Stopwatch.StartNew();
        WaitUntil(_servers.IsWhole, "whole at the beginning");
        do
        {
            Func<ChaosEvent>[] events = [.. _servers.Events];
            _random.Shuffle(events);
            foreach (Func<ChaosEvent> one in events.TakeWhile(_ => _duration is null || watch.Elapsed < _duration))
            {
                Let(one());
            }
        }
        while (watch.Elapsed < _duration);

        _load.Stop();
        _output.WriteLine($"{_load.Requests} requests, {_load.Lost} acknowledged writes lost by the servers, at most {_longest.TotalMilliseconds:F0} ms from the servers' recovery to service");
        _output.WriteLine($"errors: {_load.ErrorText()}");
        Assert.Empty(_load.Wrong);
    }

    private void Let(ChaosEvent what)
    {
        _load.WaitForService(ServerLimit);
        (long errors, long lost, long failures) = (_load.ErrorCount, _load.Lost, _servers.Failures());

        Stopwatch watch = Stopwatch.StartNew();
        what.Begin();
        WaitUntil(_servers.IsServed, $"serving after: {what.Name}");
        TimeSpan own = watch.Elapsed;
        WaitForService(what);
        TimeSpan took = watch.Elapsed;
        _longest = took - own > _longest ? took - own : _longest;
        what.Heal?.Invoke();
        WaitUntil(_servers.IsWhole, $"whole after: {what.Name}");
        WaitForService(what);

        bool isAsPlanned = what.IsPlanned && _servers.Failures() == failures;
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:HH:mm:ss} {what.Name}: the servers took {own.TotalMilliseconds:F0} ms, service was back {(took - own).TotalMilliseconds:F0} ms later, {_load.ErrorCount - errors} errors, {_load.Lost - lost} lost, {_load.Requests} requests{(what.IsPlanned && !isAsPlanned ? "; not as planned" : "")}"));
        Assert.Empty(_load.Wrong);
        Assert.True(took < (2 * own) + Slack, $"{what.Name}: service after {took}, the servers took {own}");
        if (isAsPlanned)
        {
            Assert.True(_load.ErrorCount == errors, $"{what.Name}: {_load.ErrorText()}");
            Assert.True(what.MayLoseWrites || _load.Lost == lost, $"{what.Name}: {_load.Lost - lost} writes lost");
        }
    }

    private void WaitForService(ChaosEvent what)
    {
        try
        {
            _load.WaitForService(ServerLimit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{what.Name}: {e.Message}\n{_servers.Describe()}\n{_keyway.Log}", e);
        }
    }

    private void WaitUntil(Func<bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > ServerLimit)
            {
                throw new TimeoutException($"not {what} within {ServerLimit.TotalSeconds} s\n{_servers.Describe()}\n{_keyway.Log}");
            }

            Thread.Sleep(20); // between two looks, bounded by the limit
        }
    }
}
