using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// Finds out, at the start, what a journal holds. A sealed segment is believed to have the records that its seal counts; who reads it checks each. Of every other the bytes are
/// read once, the torn tail is cut, and what is damaged is skipped and kept aside.
/// </summary>
internal sealed class JournalRecovery
{
    private readonly IJournalStorage _storage;
    private readonly List<Segment> _segments = [];
    private readonly Action<Exception> _onError;
    private readonly HashSet<string> _files;
    private readonly bool _readsAll;
    private long _next = 1;
    private long _tornBytes;
    private int _corruptRanges;
    private long _corruptBytes;
    private int _damagedCompletions;

    private JournalRecovery(IJournalStorage storage, bool readsAll, Action<Exception> onError)
    {
        _storage = storage;
        _readsAll = readsAll;
        _onError = onError;
        _files = [.. storage.List()];
    }

    /// <summary>Reads a journal; returns its segments in order, what was found, and the number of the next record.</summary>
    /// <param name="storage">Its directory.</param>
    /// <param name="readsAll">Read sealed segments too.</param>
    /// <param name="onError">Hears of what the disk refuses.</param>
    internal static (List<Segment> Segments, RecoveryReport Report, long Next) Run(IJournalStorage storage, bool readsAll, Action<Exception> onError)
    {
        var recovery = new JournalRecovery(storage, readsAll, onError);
        foreach (SegmentName name in SegmentsIn(recovery._files))
        {
            recovery.Recover(name);
        }

        recovery.DeleteOrphans();
        List<Segment> segments = recovery._segments;
        var report = new RecoveryReport(
            segments.Count,
            segments.Sum(static segment => segment.Pending),
            recovery._tornBytes,
            recovery._corruptRanges,
            recovery._corruptBytes,
            recovery._damagedCompletions);
        return (segments, report, recovery._next);
    }

    /// <summary>The segments among the files of a directory, in order.</summary>
    private static List<SegmentName> SegmentsIn(IEnumerable<string> files)
    {
        List<SegmentName> names = [];
        foreach (string file in files)
        {
            if (SegmentName.TryParse(file, out SegmentName name))
            {
                names.Add(name);
            }
        }

        names.Sort(static (a, b) => a.First != b.First ? a.First.CompareTo(b.First) : a.Salt.CompareTo(b.Salt));
        return names;
    }

    private void Recover(SegmentName name)
    {
        var segment = new Segment(name);
        using IJournalFile file = _storage.OpenWrite(name.ToString());
        long length = file.Length;
        CheckHead(file, name, length);
        List<CompletionEntry> completions = ReadCompletions(segment);
        uint sealedRecords = completions.FindLast(static entry => entry.IsSeal).First;
        if (!_readsAll && sealedRecords > 0 && SegmentHeader.Size + (sealedRecords * (long)RecordHeader.Size) <= length)
        {
            segment.Trust(sealedRecords, length);
            _next = Math.Max(_next, segment.Last + 1);
        }
        else
        {
            Scan(segment, file, length);
        }

        completions.ForEach(entry => Apply(segment, entry));
        _segments.Add(segment);
    }

    private void Scan(Segment segment, IJournalFile file, long length)
    {
        SegmentName name = segment.Name;
        var scanner = new SegmentScanner(file, name);
        for (ScanResult result = scanner.Next(length); result != ScanResult.End; result = scanner.Next(length))
        {
            if (result == ScanResult.Record)
            {
                AddRecord(segment, scanner.Header.Sequence);
            }
            else
            {
                KeepAside(file, name, scanner.RecordAt, scanner.Position - scanner.RecordAt);
            }
        }

        long end = Math.Min(scanner.Position, length);
        if (end < length)
        {
            CutTail(file, end, length);
        }

        segment.Length = end;
        _next = Math.Max(_next, Math.Max(scanner.LastSequence + 1, name.First));
    }

    private void CheckHead(IJournalFile file, SegmentName name, long length)
    {
        Span<byte> head = stackalloc byte[SegmentHeader.Size];
        int read = 0;
        for (int count = 1; count > 0 && read < head.Length; read += count)
        {
            count = file.Read(read, head[read..]);
        }

        if (!SegmentHeader.IsSound(head[..read], name) && length >= SegmentHeader.Size)
        {
            KeepAside(file, name, 0, SegmentHeader.Size);
        }
    }

    /// <summary>Numbers that are missing before it were damaged: there is nothing to deliver.</summary>
    private static void AddRecord(Segment segment, long sequence)
    {
        long missing = segment.Last + 1;
        segment.Extend(sequence);
        if (missing < sequence)
        {
            segment.CompleteRange(missing, sequence - 1);
        }
    }

    private void CutTail(IJournalFile file, long end, long length)
    {
        _tornBytes += length - end;
        try
        {
            file.SetLength(end);
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            _onError(e); // Nothing is written behind it, so it may stay.
        }
    }

    private void KeepAside(IJournalFile file, SegmentName name, long offset, long length)
    {
        _corruptRanges++;
        _corruptBytes += length;
        try
        {
            CorruptBytes.Keep(_storage, file, name, offset, length);
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            _onError(e); // A full disk must not keep the sound records from being delivered.
        }
    }

    private List<CompletionEntry> ReadCompletions(Segment segment)
    {
        List<CompletionEntry> entries = [];
        if (!_files.Contains(segment.Name.Completions))
        {
            return entries;
        }

        using IJournalFile file = _storage.OpenRead(segment.Name.Completions);
        byte[] buffer = new byte[CompletionEntry.Size * 4096];
        long length = file.Length / CompletionEntry.Size * CompletionEntry.Size; // A torn entry is written over.
        for (long offset = 0; offset < length;)
        {
            int read = file.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset)));
            int whole = read / CompletionEntry.Size * CompletionEntry.Size;
            if (whole == 0)
            {
                break;
            }

            for (int at = 0; at < whole; at += CompletionEntry.Size)
            {
                if (CompletionEntry.TryRead(buffer.AsSpan(at, CompletionEntry.Size), segment.Name.Salt, out CompletionEntry entry))
                {
                    entries.Add(entry);
                }
                else
                {
                    _damagedCompletions++;
                }
            }

            offset += whole;
        }

        segment.CompletionBytes = length;
        return entries;
    }

    private static void Apply(Segment segment, CompletionEntry entry)
    {
        // After a power cut completions may be there of records that are not.
        long first = segment.First + entry.First;
        segment.MarkRange(first, Math.Min(first + entry.Count - 1, segment.Last));
    }

    /// <summary>Completion files whose segment was deleted just before the process ended.</summary>
    private void DeleteOrphans()
    {
        HashSet<string> known = [.. _segments.Select(static segment => segment.Name.Completions)];
        foreach (string file in _files.Where(file => file.EndsWith(".done", StringComparison.Ordinal) && !known.Contains(file)))
        {
            try
            {
                _storage.Delete(file);
            }
            catch (Exception e) when (StorageFailures.IsStorageFailure(e))
            {
                _onError(e);
            }
        }
    }
}
