using System.Diagnostics;
using System.Globalization;
using Keyway.WriteBehind.Journal;

namespace Keyway.MicroBenchmarks.Journal;

/// <summary>
/// Appends through the real thread to a real directory: what a record costs its producer, and how many are settled in a second. BenchmarkDotNet times one thread, and the
/// disk is the other half of this, so it has a clock of its own. <c>Keyway.MicroBenchmarks journal [directory]</c>.
/// </summary>
internal static class JournalAppends
{
    private const int RecordsPerCommit = 16;
    private const int CommitsInFlight = 8;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    internal static void Run(string parent)
    {
        Console.WriteLine("| kept when | record | producers | records/s | MB/s | producer ns/record | of it ns/commit |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (int producers in new[] { 1, 2 })
        {
            foreach (Durability? durability in new Durability?[] { null, Durability.Disk, Durability.Fsync })
            {
                foreach (int size in new[] { 100, 1000, 10_000 })
                {
                    Measure(parent, durability, size, producers);
                }
            }
        }
    }

    /// <param name="parent">Where the journal's directory is made.</param>
    /// <param name="durability">What is waited for; null for nothing.</param>
    /// <param name="size">Bytes of a payload.</param>
    /// <param name="producers">Threads that append.</param>
    private static void Measure(string parent, Durability? durability, int size, int producers)
    {
        string directory = Path.Combine(parent, $"keyway-journal-{Guid.NewGuid():N}");
        var options = new JournalOptions
        {
            Directory = directory,
            Durability = durability ?? Durability.Disk,
            MaxBytes = 4L << 30,
        };
        var totals = new Totals[producers];
        try
        {
            using (SegmentedJournal journal = SegmentedJournal.Open(options, TimeProvider.System))
            {
                Thread[] threads = [.. Enumerable.Range(0, producers).Select(index =>
                    new Thread(() => totals[index] = Produce(journal, size, waits: durability is not null)))];
                Array.ForEach(threads, static thread => thread.Start());
                Array.ForEach(threads, static thread => thread.Join());
            }

            double records = totals.Sum(static total => (double)total.Records);
            double seconds = Duration.TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {durability?.ToString() ?? "not waited for"} | {size} | {producers} | {records / seconds:N0} | {records * size / seconds / 1e6:N0} | {totals.Sum(static total => total.AppendNanoseconds) / records:N0} | {totals.Sum(static total => total.CommitNanoseconds) / (records / RecordsPerCommit):N0} |"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Totals Produce(SegmentedJournal journal, int size, bool waits)
    {
        var settled = new AutoResetEvent(false); // The journal may set it until it is closed.
        JournalProducer producer = journal.CreateProducer(() => settled.Set());
        byte[] payload = new byte[size];
        long[] sequences = new long[RecordsPerCommit];
        long records = 0;
        long appending = 0;
        long committing = 0;
        int inFlight = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Duration)
        {
            long start = Stopwatch.GetTimestamp();
            int appended = 0;
            while (appended < RecordsPerCommit && producer.Append(1, "server"u8, payload, out _) == AppendResult.Appended)
            {
                appended++;
            }

            long middle = Stopwatch.GetTimestamp();
            long first = producer.Commit();
            committing += Stopwatch.GetTimestamp() - middle;
            appending += middle - start;
            records += appended;
            inFlight += appended > 0 ? 1 : 0;

            // The records are complete at once, so that the disk does not fill.
            for (int i = 0; i < appended; i++)
            {
                sequences[i] = first + i;
            }

            journal.Complete(sequences.AsSpan(0, appended));
            while ((waits && inFlight >= CommitsInFlight) || appended < RecordsPerCommit)
            {
                settled.WaitOne(TimeSpan.FromMilliseconds(10));
                appended = RecordsPerCommit;
                inFlight -= TakeSettled(producer);
            }

            inFlight -= TakeSettled(producer);
        }

        double nanoseconds = 1e9 / Stopwatch.Frequency;
        return new Totals(records, (appending + committing) * nanoseconds, committing * nanoseconds);
    }

    private static int TakeSettled(JournalProducer producer)
    {
        int count = 0;
        while (producer.TryTakeSettled(out SettledBatch batch))
        {
            count++;
            if (batch.Failure != JournalFailure.None)
            {
                throw new InvalidOperationException($"a batch was not kept: {batch.Failure}");
            }
        }

        return count;
    }

    private readonly record struct Totals(long Records, double AppendNanoseconds, double CommitNanoseconds);
}
