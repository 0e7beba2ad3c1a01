using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// Looks at a journal without changing anything, also while another process uses it: then it sees a moment's state, of which the newest record may
/// be missing. To drop records, open the journal itself.
/// </summary>
public sealed class JournalInspector
{
    private readonly IJournalStorage _storage;
    private readonly List<Segment> _segments;

    internal JournalInspector(IJournalStorage storage)
    {
        _storage = storage;
        (_segments, Report, _) = JournalRecovery.Run(new ReadOnlyStorage(storage), readsAll: true, static _ => { });
    }

    /// <summary>What reading all of the journal finds.</summary>
    public RecoveryReport Report { get; }

    /// <summary>The segments, the oldest first.</summary>
    public IReadOnlyList<SegmentSummary> Segments => [.. _segments.Select(static segment =>
        new SegmentSummary(segment.Name.ToString(), segment.First, segment.Last, segment.Pending, segment.Length))];

    /// <summary>Reads a journal's state.</summary>
    /// <param name="directory">The journal's directory.</param>
    /// <exception cref="JournalException">It is no directory, or cannot be read.</exception>
    public static JournalInspector Open(string directory)
    {
        try
        {
            return new JournalInspector(new DirectoryStorage(directory));
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            throw new JournalException($"the journal in {directory} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Shows the sound records in order, complete ones too while their segment is there.</summary>
    /// <param name="first">The number from which on.</param>
    /// <param name="visitor">Is shown each.</param>
    public void Read(long first, RecordVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        foreach (Segment segment in _segments.Where(segment => segment.Last >= first))
        {
            if (!Read(segment, first, visitor))
            {
                return;
            }
        }
    }

    private bool Read(Segment segment, long first, RecordVisitor visitor)
    {
        IJournalFile file;
        try
        {
            file = _storage.OpenRead(segment.Name.ToString());
        }
        catch (FileNotFoundException)
        {
            return true; // Its owner has deleted it since.
        }

        using (file)
        {
            var scanner = new SegmentScanner(file, segment.Name);
            for (ScanResult result = scanner.Next(segment.Length); result != ScanResult.End; result = scanner.Next(segment.Length))
            {
                RecordHeader header = scanner.Header;
                if (result == ScanResult.Record && header.Sequence >= first
                    && !visitor(JournalReader.RecordOf(header, scanner.Body), segment.IsComplete(header.Sequence)))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
