using System.Text;
using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Delivery;

/// <summary>A pool's dead letters, in a journal of their own.</summary>
public sealed class DeadLetterBox : IDeadLetters
{
    private const byte Kind = 1;
    private const long MostBytes = 64L << 20;

    private static readonly TimeSpan DiskLimit = TimeSpan.FromSeconds(10);

    private readonly SegmentedJournal _journal;
    private readonly JournalProducer _producer;
    private readonly Action<Exception> _onError;
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _settled;

    private DeadLetterBox(SegmentedJournal journal, Action<Exception> onError)
    {
        _journal = journal;
        _settled = new AutoResetEvent(false);
        _producer = journal.CreateProducer(() => _settled.Set());
        _onError = onError;
    }

    /// <summary>Opens or makes the box.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="onError">Hears of letters that could not be kept.</param>
    /// <param name="time">The clock of the letters.</param>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public static DeadLetterBox Open(string directory, Action<Exception> onError, TimeProvider time) =>
        new(SegmentedJournal.Open(new JournalOptions { Directory = directory, MaxBytes = MostBytes, OnError = onError }, time), onError);

    /// <inheritdoc/>
    public void Add(string reason, ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            AppendResult result = DeadLetter.Append(_producer, Kind, Encoding.UTF8.GetBytes(reason), header, frame);
            _producer.Commit();
            while (_producer.TryTakeSettled(out _))
            {
                // Failures of the disk have been told already.
            }

            if (result != AppendResult.Appended)
            {
                _onError(new IOException($"a dead letter was not kept: {result}"));
            }
        }
    }

    /// <summary>Keeps one and waits until it is on disk; false if it is not.</summary>
    /// <param name="reason">Why it was given up.</param>
    /// <param name="header">Its header.</param>
    /// <param name="payload">What it is.</param>
    public bool Keep(string reason, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            AppendResult result = DeadLetter.Append(_producer, Kind, Encoding.UTF8.GetBytes(reason), header, payload);
            if (result != AppendResult.Appended)
            {
                _onError(new IOException($"a dead letter was not kept: {result}"));
                return false;
            }

            long own = _producer.Commit();
            SettledBatch batch = default;
            while (batch.First < own)
            {
                while (!_producer.TryTakeSettled(out batch))
                {
                    if (!_settled.WaitOne(DiskLimit))
                    {
                        return false;
                    }
                }
            }

            return batch.Failure == JournalFailure.None;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal.Dispose();
        _settled.Dispose();
    }
}
