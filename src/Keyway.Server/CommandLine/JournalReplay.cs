using System.Text;
using Keyway.WriteBehind.Journal;

namespace Keyway.Server.CommandLine;

/// <summary>Brings pending records where they were to go; what has arrived is complete afterwards.</summary>
internal static class JournalReplay
{
    private const string Letters = ".dead";
    private const string Journal = ".journal";

    private static readonly TimeSpan DiskLimit = TimeSpan.FromSeconds(30);

    /// <summary>Sends records to a server: requests as they are, a relay's records with RAWSET, which a Keyway's relay takes.</summary>
    public static ExitCode ToServer(string directory, long from, long to, string server)
    {
        using SegmentedJournal journal = Open(directory);
        using JournalReader reader = journal.CreateReader();
        using ReplayConnection connection = ReplayConnection.Open(server);
        (int taken, int refused) = (0, 0);
        reader.Seek(Math.Max(1, from));
        while (reader.Read(out JournalRecord record) == ReadResult.Record && record.Sequence <= to)
        {
            StoredRecord stored = StoredRecord.Of(record);
            string reply = stored.IsRelays ? connection.Send(0, RawSet(stored.Payload))
                : stored.IsMemcached ? connection.Send(stored.Payload)
                : connection.Send(stored.Database, stored.Payload);
            if (stored.IsMemcached ? reply is not ("STORED" or "DELETED" or "TOUCHED") : reply.StartsWith('-'))
            {
                Console.WriteLine($"{record.Sequence}: {reply}");
                refused++;
            }
            else
            {
                journal.Complete(record.Sequence);
                taken++;
            }
        }

        Console.WriteLine($"{taken} taken, {refused} refused");
        return refused == 0 ? ExitCode.Ok : ExitCode.Failure;
    }

    /// <summary>Puts a relay's dead letters back into its journal, from which the next start of Keyway delivers them.</summary>
    /// <exception cref="IOException">There is no such journal, or it has no room.</exception>
    public static ExitCode ToRelay(string directory, long from, long to)
    {
        string path = Path.TrimEndingDirectorySeparator(directory);
        if (path.EndsWith(Journal, StringComparison.Ordinal))
        {
            throw new IOException($"the next start of Keyway delivers what is in {path}; to send it elsewhere say --server");
        }

        string target = path.EndsWith(Letters, StringComparison.Ordinal) ? path[..^Letters.Length] + Journal : path;
        if (target == path || !Directory.Exists(target))
        {
            throw new IOException($"there is no journal beside {path} into which its records could be put back; to send them say --server");
        }

        using SegmentedJournal letters = Open(path);
        using SegmentedJournal journal = Open(target);
        using JournalReader reader = letters.CreateReader();
        using AutoResetEvent news = new(false);
        JournalProducer producer = journal.CreateProducer(() => news.Set());
        int count = 0;
        reader.Seek(Math.Max(1, from));
        while (reader.Read(out JournalRecord record) == ReadResult.Record && record.Sequence <= to)
        {
            PutBack(StoredRecord.Of(record), producer, news);
            letters.Complete(record.Sequence);
            count++;
        }

        Console.WriteLine($"{count} put back into {target}");
        return ExitCode.Ok;
    }

    private static void PutBack(StoredRecord stored, JournalProducer producer, AutoResetEvent news)
    {
        if (!stored.IsRelays)
        {
            throw new IOException("these are requests of smart mode: say with --server where to send them");
        }

        AppendResult result = producer.Append(1, default, stored.Payload, out _);
        if (result != AppendResult.Appended)
        {
            throw new IOException($"the journal does not take the record: {result}");
        }

        producer.Commit();
        SettledBatch batch;
        while (!producer.TryTakeSettled(out batch))
        {
            if (!news.WaitOne(DiskLimit))
            {
                throw new IOException("the disk does not answer");
            }
        }

        if (batch.Failure != JournalFailure.None)
        {
            throw new IOException($"the journal could not keep the record: {batch.Failure}");
        }
    }

    private static SegmentedJournal Open(string directory) =>
        SegmentedJournal.Open(new JournalOptions { Directory = JournalDirectory.Own(directory), MaxBytes = long.MaxValue }, TimeProvider.System);

    private static byte[] RawSet(ReadOnlySpan<byte> record) =>
        [.. Encoding.ASCII.GetBytes($"*2\r\n$6\r\nRAWSET\r\n${record.Length}\r\n"), .. record, .. "\r\n"u8];
}
