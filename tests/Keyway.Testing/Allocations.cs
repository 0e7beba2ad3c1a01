namespace Keyway.Testing;

/// <summary>
/// Finds out whether code allocates regularly. One measurement cannot say: the runtime counts the rest of a thread's 8 KiB as allocated at each
/// collection, which any test beside this one can bring about, and a method that it compiles anew can allocate too. What code allocates regularly
/// is in every one of many short windows; the rest leaves some of them clean.
/// </summary>
public static class Allocations
{
    private const int Windows = 200;

    /// <summary>The fewest bytes that this thread allocated in one of many runs; ends with the first run that allocated nothing.</summary>
    /// <param name="window">What must not allocate; some milliseconds at most, so that few collections meet it. It should be warm.</param>
    public static long Least(Action window) => Least(GC.GetAllocatedBytesForCurrentThread, window);

    /// <summary>As the other, for what a meter counts.</summary>
    /// <param name="meter">Bytes allocated so far; called before and after each run.</param>
    /// <param name="window">What is measured.</param>
    public static long Least(Func<long> meter, Action window)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(window);
        long least = long.MaxValue;
        for (int i = 0; i < Windows && least > 0; i++)
        {
            long before = meter();
            window();
            least = Math.Min(least, meter() - before);
        }

        return least;
    }
}
