using System.Collections.Concurrent;
using System.Diagnostics;

namespace Keyway.Testing;

/// <summary>
/// Starts every child process on one thread that lives as long as this process: the kernel's parent-death signal
/// comes when the starting *thread* ends, and a pool thread may end at any time.
/// </summary>
internal static class StarterThread
{
    private static readonly BlockingCollection<Action> Work = Begin();

    public static Process Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>();
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "child process starter",
        }.Start();
        return work;
    }
}
