using System.Collections.Concurrent;

namespace Keyway.Net.Tests;

/// <summary>Waits for signals, never for longer than a loaded machine could need.</summary>
internal static class Wait
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    internal static T For<T>(Task<T> task, string what)
    {
        Assert.True(Task.WhenAny(task, Task.Delay(Limit)).GetAwaiter().GetResult() == task, $"no {what} in time");
        return task.GetAwaiter().GetResult();
    }

    internal static T For<T>(BlockingCollection<T> items, string what)
    {
        Assert.True(items.TryTake(out var item, Limit), $"no {what} in time");
        return item!;
    }
}
