using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;
using Keyway.WriteBehind.Delivery;
using Keyway.WriteBehind.Journal;

namespace Keyway.Server;

/// <summary>Opens where pools in smart mode, and relays, keep what they have answered.</summary>
internal static class Stores
{
    /// <exception cref="IOException">A journal or sink cannot be used.</exception>
    public static WriteStores? Open(PoolConfig pool, Log log)
    {
        if (pool.Protocol == PoolProtocol.Firehose)
        {
            return new WriteStores(null, null, Relays.Open(pool, log));
        }

        if (pool.Mode != PoolMode.Smart || pool.Smart.JournalDir is not { } directory)
        {
            return null;
        }

        LogLimit limit = new(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            WriteJournal? journal = pool.Smart.HasJournal
                ? WriteJournal.Open(JournalPlaces.Journal(directory, pool.Name), pool.Smart, OnError, TimeProvider.System)
                : null;
            DeadLetterBox? letters = pool.Smart.DeadLetters
                ? DeadLetterBox.Open(JournalPlaces.DeadLetters(directory, pool.Name), OnError, TimeProvider.System)
                : null;
            if (journal is { HasOld: true })
            {
                RecoveryReport report = journal.Recovery;
                log.Write(
                    LogLevel.Info,
                    "journal_recovered",
                    $"the journal has {report.Pending} writes to deliver; {report.CorruptRanges} damaged stretches were put aside, {report.TornBytes} bytes of an unfinished write cut",
                    ("pool", pool.Name));
            }

            return new WriteStores(journal, letters);
        }
        catch (Exception e) when (e is JournalException or UnauthorizedAccessException)
        {
            throw new IOException($"pool {pool.Name}: {e.Message}", e);
        }

        void OnError(Exception e)
        {
            if (limit.TryPass(out long withheld))
            {
                log.Write(LogLevel.Error, "journal_failed", $"{e.Message}; {withheld} such lines left out", ("pool", pool.Name));
            }
        }
    }
}
