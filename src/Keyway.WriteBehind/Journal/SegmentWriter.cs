using System.Security.Cryptography;
using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// Writes batches to the newest segment, many in one write. Whatever fails ends that segment: it is cut back to what is known to be good, its
/// unsettled batches fail, and the next batch begins a new segment. So within a segment numbers have no gaps, nothing is written
/// behind bytes of which nobody knows whether they are there, and a failed flush is never tried again and believed.
/// </summary>
internal sealed class SegmentWriter(IJournalStorage storage, JournalOptions options, SegmentedJournal journal) : IDisposable
{
    /// <summary>Most memory for what is written and does not count yet: 2 MiB, enough to make a flush worth its wait.</summary>
    private const int MostTouched = 8;

    private readonly List<RecordBatch> _gathered = [];
    private readonly List<RecordBatch> _written = [];
    private readonly List<TailChunk> _touched = [];
    private IReadOnlyList<RecordBatch> _batches = [];
    private int _taken;
    private IJournalFile? _file;
    private SegmentName _name;
    private TailChunk? _chunk;
    private JournalFailure _failure;
    private bool _usable;
    private long _length; // What is in the file, and
    private long _kept; // what of it counts.
    private long _last;

    /// <summary>The number of the last record that was given to the segment.</summary>
    internal long Last => _last;

    /// <summary>Writes batches and settles each of them.</summary>
    internal void Write(IReadOnlyList<RecordBatch> batches)
    {
        _batches = batches;
        for (_taken = 0; _taken < batches.Count;)
        {
            RecordBatch batch = batches[_taken];
            if (!FitsChunk(batch))
            {
                Flush();
                if (_touched.Count >= MostTouched)
                {
                    Keep();
                }
            }

            if (EndsSegment(batch))
            {
                Flush();
                Keep();
                Begin(batch.First);
            }

            _taken++;
            if (_usable)
            {
                Gather(batch);
            }
            else
            {
                journal.Fail(batch, _failure);
            }
        }

        Flush();
        Keep();
        _batches = [];
    }

    /// <summary>Begins a new segment; if that fails, the next batch tries again.</summary>
    internal void Begin(long first)
    {
        var name = new SegmentName(first, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))));
        IJournalFile? file = null;
        _last = first - 1;
        try
        {
            file = storage.OpenWrite(name.ToString());
            Span<byte> head = stackalloc byte[SegmentHeader.Size];
            SegmentHeader.Write(head, name, journal.Milliseconds());
            file.Write(0, head);
            if (options.Durability == Durability.Fsync)
            {
                file.Sync();
                storage.SyncNames();
            }
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            Break(e, StorageFailures.Classify(e));
            file?.Dispose();
            Delete(name);
            return;
        }

        _file?.Dispose();
        _file = file;
        _name = name;
        _length = SegmentHeader.Size;
        _kept = _length;
        _chunk = null;
        _usable = true;
        journal.Add(new Segment(name));
    }

    /// <summary>After a defect of ours in the middle of <see cref="Write"/>: what is not settled fails, and the next batch begins anew.</summary>
    internal void Abandon(Exception defect)
    {
        Break(defect, JournalFailure.DiskError);
        FailAll(_gathered, _failure);
        FailAll(_written, _failure);
        for (; _taken < _batches.Count; _taken++)
        {
            journal.Fail(_batches[_taken], _failure);
        }

        _batches = [];
        Untouch();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private bool FitsChunk(RecordBatch batch) => _chunk is not null && _chunk.Used + batch.Bytes <= TailChunk.Size;

    private bool EndsSegment(RecordBatch batch)
    {
        long length = _length + (_chunk is null ? 0 : _chunk.Used - _chunk.Written);
        return !_usable || batch.First != _last + 1 || (length + batch.Bytes > options.SegmentLimit && length > SegmentHeader.Size);
    }

    private void Gather(RecordBatch batch)
    {
        _gathered.Add(batch);
        batch.Stamp(_name.Salt);
        _last = batch.Last;
        if (batch.Bytes > TailChunk.Size)
        {
            // Too large to be copied together with others, or to be kept in memory for readers.
            _chunk = null;
            EndWrite(TryWrite(batch.Content));
            return;
        }

        if (!FitsChunk(batch))
        {
            _chunk = journal.RentChunk(batch.First, _length);
        }

        Touch(_chunk!);
        batch.Content.CopyTo(_chunk!.Data.AsSpan(_chunk.Used));
        _chunk.Used += batch.Bytes;
    }

    private void Flush()
    {
        if (_gathered.Count > 0)
        {
            TailChunk chunk = _chunk!;
            bool written = TryWrite(chunk.Data.AsSpan(chunk.Written, chunk.Used - chunk.Written));
            if (written)
            {
                chunk.Written = chunk.Used;
                chunk.WrittenLast = _last;
            }

            EndWrite(written);
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file!.Write(_length, bytes);
            _length += bytes.Length;
            return true;
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            Break(e, StorageFailures.Classify(e));
            CutTo(_length);
            return false;
        }
    }

    private void EndWrite(bool written)
    {
        if (written)
        {
            _written.AddRange(_gathered);
            _gathered.Clear();
        }
        else
        {
            // What was written before comes first: batches are settled in their order.
            List<RecordBatch> failed = [.. _gathered];
            JournalFailure failure = _failure;
            _gathered.Clear();
            Keep();
            FailAll(failed, failure);
        }
    }

    private void Touch(TailChunk chunk)
    {
        if (!chunk.IsTouched)
        {
            chunk.IsTouched = true;
            _touched.Add(chunk);
        }
    }

    /// <summary>Makes what was written count.</summary>
    private void Keep()
    {
        if (_written.Count == 0)
        {
            Untouch();
        }
        else if (IsOnMedium())
        {
            _kept = _length;
            journal.Publish(_written, _length, _touched);
            _written.Clear();
            Untouch();
        }
        else
        {
            Untouch();
            FailAll(_written, JournalFailure.FlushFailed);
        }
    }

    private void Untouch()
    {
        foreach (TailChunk chunk in _touched)
        {
            chunk.IsTouched = false;
            if (chunk.Visible == 0 && chunk != _chunk)
            {
                journal.ReturnChunk(chunk);
            }
        }

        _touched.Clear();
    }

    private bool IsOnMedium()
    {
        if (options.Durability != Durability.Fsync)
        {
            return true;
        }

        try
        {
            _file!.Sync();
            return true;
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            Break(e, JournalFailure.FlushFailed);
            CutTo(_kept);
            return false;
        }
    }

    private void FailAll(List<RecordBatch> batches, JournalFailure failure)
    {
        foreach (RecordBatch batch in batches)
        {
            journal.Fail(batch, failure);
        }

        batches.Clear();
    }

    private void Break(Exception exception, JournalFailure failure)
    {
        _usable = false;
        _failure = failure;
        _chunk = null;
        journal.Report(exception);
    }

    private void CutTo(long length)
    {
        try
        {
            _file!.SetLength(length);
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            // The next start finds records there that were reported as failed, and may deliver them.
            journal.Report(e);
        }
    }

    private void Delete(SegmentName name)
    {
        try
        {
            storage.Delete(name.ToString());
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            journal.Report(e); // Without records it harms nobody; the next start deletes it.
        }
    }
}
