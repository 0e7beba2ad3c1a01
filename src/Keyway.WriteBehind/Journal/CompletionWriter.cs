using System.Buffers;
using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// Writes completions to the completion file of each segment. Such a file needs no compaction: it holds at most 12 bytes for each record of its
/// segment, which has 36 at least, and goes with it.
/// </summary>
internal sealed class CompletionWriter(IJournalStorage storage) : IDisposable
{
    private readonly List<Segment> _segments = [];
    private readonly List<CompletionEntry> _entries = [];
    private Segment? _openFor;
    private IJournalFile? _file;

    /// <summary>Writes all completions that are not on disk. What fails is tried again by the next call.</summary>
    internal void Write(SegmentIndex index, Lock gate)
    {
        lock (gate)
        {
            _segments.Clear();
            _segments.AddRange(index.Dirty);
            index.Dirty.Clear();
        }

        for (int i = 0; i < _segments.Count; i++)
        {
            try
            {
                Write(_segments[i], index, gate);
            }
            catch (Exception e) when (StorageFailures.IsStorageFailure(e))
            {
                lock (gate)
                {
                    _segments[i].UnwrittenCompletions.InsertRange(0, _entries);
                    index.Dirty.UnionWith(_segments.Skip(i).Where(static segment => segment.Pending > 0 || !segment.IsSealed));
                }

                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Write(Segment segment, SegmentIndex index, Lock gate)
    {
        lock (gate)
        {
            _entries.Clear();
            _entries.AddRange(segment.UnwrittenCompletions);
            segment.UnwrittenCompletions.Clear();
            if (_entries.Count == 0 || (segment.IsSealed && segment.Pending == 0))
            {
                _entries.Clear(); // The whole segment goes.
                return;
            }
        }

        int bytes = _entries.Count * CompletionEntry.Size;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            for (int i = 0; i < _entries.Count; i++)
            {
                _entries[i].Write(buffer.AsSpan(i * CompletionEntry.Size), segment.Name.Salt);
            }

            FileOf(segment).Write(segment.CompletionBytes, buffer.AsSpan(0, bytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        lock (gate)
        {
            index.AddCompletionBytes(segment, bytes);
        }
    }

    private IJournalFile FileOf(Segment segment)
    {
        if (_openFor != segment)
        {
            _file?.Dispose();
            _openFor = null;
            _file = storage.OpenWrite(segment.Name.Completions);
            _openFor = segment;
        }

        return _file!;
    }
}
