using System.Runtime.InteropServices;

namespace Keyway.WriteBehind.Journal;

/// <summary>The segments of a journal in order, and which of their records are pending. Guarded by the journal's lock.</summary>
internal sealed class SegmentIndex
{
    private readonly List<Segment> _segments = [];
    private readonly List<Segment> _doomed = [];
    private readonly HashSet<Segment> _dirty = [];

    /// <summary>Records that are kept and not complete.</summary>
    internal long Pending { get; private set; }

    /// <summary>Bytes of all segments and their completion files.</summary>
    internal long DiskBytes { get; private set; }

    /// <summary>Bytes of the pending records, taken as average ones of their segments.</summary>
    internal long PendingBytes => _segments.Sum(static segment =>
        segment.Pending == 0 ? 0 : (long)((double)segment.Length * segment.Pending / (segment.Last - segment.First + 1)));

    /// <summary>Segments in use.</summary>
    internal int Count => _segments.Count;

    /// <summary>The newest segment: the one that is written to, if any is.</summary>
    internal Segment? Newest => _segments.Count == 0 ? null : _segments[^1];

    /// <summary>Segments with completions that are not on disk.</summary>
    internal HashSet<Segment> Dirty => _dirty;

    /// <summary>Segments without pending records, whose files are to be deleted.</summary>
    internal List<Segment> Doomed => _doomed;

    /// <summary>Adds the next segment, which ends the one before.</summary>
    internal void Add(Segment segment)
    {
        Segment? previous = Newest;
        _segments.Add(segment);
        DiskBytes += segment.DiskBytes;
        Pending += segment.Pending;
        if (previous is not null)
        {
            previous.Seal();
            if (previous.UnwrittenCompletions.Count > 0)
            {
                _dirty.Add(previous);
            }

            RetireIfDone(previous);
        }
    }

    /// <summary>Lets the newest segment have records up to <paramref name="last"/>, within its first <paramref name="length"/> bytes.</summary>
    internal void Publish(long last, long length)
    {
        Segment segment = Newest!;
        DiskBytes += length - segment.Length;
        Pending += last - segment.Last;
        segment.Length = length;
        segment.Extend(last);
    }

    /// <summary>Marks a record as complete; false if there is none of that number that is pending.</summary>
    internal bool Complete(long sequence)
    {
        int at = Find(sequence);
        if (at < 0 || !_segments[at].Contains(sequence) || !_segments[at].Complete(sequence))
        {
            return false;
        }

        Segment segment = _segments[at];
        Pending--;
        _dirty.Add(segment);
        RetireIfDone(segment);
        return true;
    }

    /// <summary>Marks the pending ones of a range as complete; returns how many there were.</summary>
    internal long Complete(long first, long last)
    {
        long count = 0;
        for (long sequence = FindPending(first, out Segment? segment); sequence != 0 && sequence <= last; sequence = FindPending(sequence, out segment))
        {
            long end = Math.Min(last, segment!.Last);
            long completed = segment.CompleteRange(sequence, end);
            count += completed;
            Pending -= completed;
            _dirty.Add(segment);
            RetireIfDone(segment);
            sequence = end + 1;
        }

        return count;
    }

    internal bool IsPending(long sequence)
    {
        int at = Find(sequence);
        return at >= 0 && _segments[at].Contains(sequence) && !_segments[at].IsComplete(sequence);
    }

    /// <summary>The first pending record from <paramref name="sequence"/> on, and its segment; 0 if there is none.</summary>
    internal long FindPending(long sequence, out Segment? segment)
    {
        for (int at = Math.Max(0, Find(sequence)); at < _segments.Count; at++)
        {
            segment = _segments[at];
            long found = segment.FindPending(sequence);
            if (found != 0)
            {
                return found;
            }
        }

        segment = null;
        return 0;
    }

    /// <summary>Accounts for a completion file that grew.</summary>
    internal void AddCompletionBytes(Segment segment, int bytes)
    {
        segment.CompletionBytes += bytes;
        if (!IsRetired(segment))
        {
            DiskBytes += bytes;
        }
    }

    private static bool IsRetired(Segment segment) => segment.IsSealed && segment.Pending == 0;

    /// <summary>The newest segment stays, whatever is complete: its name keeps numbers from being used again.</summary>
    private void RetireIfDone(Segment segment)
    {
        if (IsRetired(segment))
        {
            _segments.Remove(segment);
            _dirty.Remove(segment);
            _doomed.Add(segment);
            DiskBytes -= segment.DiskBytes;
        }
    }

    /// <summary>The last segment that begins at or before a number; -1 if none does.</summary>
    private int Find(long sequence)
    {
        ReadOnlySpan<Segment> segments = CollectionsMarshal.AsSpan(_segments);
        int low = 0;
        int high = segments.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (segments[middle].First <= sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }
}
