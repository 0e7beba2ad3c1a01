using System.Diagnostics;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Bounded waits for conditions in other processes.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Asks again and again until the condition holds; fails the test when it does not in time.</summary>
    public static void Until(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"not {what} within {Limit.TotalSeconds} s");
            Thread.Sleep(2); // between two looks, bounded by the limit
        }
    }

    /// <summary>Runs the work on threads of its own and waits for all; the first failure is thrown.</summary>
    public static void ForAll(IEnumerable<Action> work) =>
        Assert.True(
            Task.WhenAll(work.Select(static action => Task.Factory.StartNew(action, TaskCreationOptions.LongRunning))).Wait(TimeSpan.FromSeconds(60)),
            "work did not end within 60 s");
}
