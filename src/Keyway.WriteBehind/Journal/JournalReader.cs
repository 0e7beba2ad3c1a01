using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// Reads the pending records of a journal in order, each once: from memory what is new, else from disk, with memory for one record and a little
/// more. One thread at a time; it may wait for the disk.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly SegmentedJournal _journal;
    private readonly IJournalStorage _storage;
    private byte[] _window = [];
    private int _windowAt;
    private int _windowLength;
    private IJournalFile? _file;
    private SegmentScanner? _scanner;
    private long _end;
    private long _lastSequence;
    private Segment? _segment;
    private long _offset;
    private long _next = 1;

    internal JournalReader(SegmentedJournal journal, IJournalStorage storage)
    {
        _journal = journal;
        _storage = storage;
    }

    /// <summary>The number from which the reader goes on.</summary>
    public long Next => _next;

    /// <summary>Goes back, or forth: the next record is the first pending one from <paramref name="sequence"/> on.</summary>
    public void Seek(long sequence)
    {
        _next = sequence;
        _windowLength = 0;
        _windowAt = 0;
        _segment = null;
        CloseFile();
    }

    /// <summary>Takes a step.</summary>
    /// <param name="record">The record, good until the next step.</param>
    public ReadResult Read(out JournalRecord record)
    {
        try
        {
            do
            {
                if (TryReadWindow(out record) || TryReadFile(out record))
                {
                    return ReadResult.Record;
                }
            }
            while (Locate());
            return ReadResult.CaughtUp;
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            _journal.Report(e);
            CloseFile();
            record = default;
            return ReadResult.Failed;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CloseFile();

    private bool TryReadWindow(out JournalRecord record)
    {
        while (_windowAt < _windowLength)
        {
            RecordHeader header = RecordHeader.Read(_window.AsSpan(_windowAt));
            ReadOnlySpan<byte> body = _window.AsSpan(_windowAt + RecordHeader.Size, header.BodyLength);
            _windowAt += header.TotalLength;
            _offset += header.TotalLength;
            _next = header.Sequence + 1;
            if (_journal.IsPending(header.Sequence))
            {
                record = RecordOf(header, body);
                return true;
            }
        }

        record = default;
        return false;
    }

    private bool TryReadFile(out JournalRecord record)
    {
        while (_scanner is not null)
        {
            ScanResult result = _scanner.Next(_end);
            if (result == ScanResult.End || (result == ScanResult.Record && _scanner.Header.Sequence > _lastSequence))
            {
                // Behind the last there can be records that failed, which the disk would not cut off.
                Lose(_lastSequence);
                break;
            }

            _offset = _scanner.Position;
            if (result == ScanResult.Corrupt)
            {
                CorruptBytes.Keep(_storage, _file!, _segment!.Name, _scanner.RecordAt, _scanner.Position - _scanner.RecordAt);
            }
            else if (_scanner.Header.Sequence >= _next)
            {
                Lose(_scanner.Header.Sequence - 1);
                _next = _scanner.Header.Sequence + 1;
                if (_journal.IsPending(_scanner.Header.Sequence))
                {
                    record = RecordOf(_scanner.Header, _scanner.Body);
                    return true;
                }
            }
        }

        record = default;
        return false;
    }

    /// <summary>Records that should have come before and did not are damaged: nobody can deliver them any more.</summary>
    private void Lose(long last)
    {
        if (_next <= last)
        {
            _journal.Lose(_next, last);
            _next = last + 1;
        }
    }

    /// <summary>Goes to where the next pending record is; false if there is none.</summary>
    private bool Locate()
    {
        if (!_journal.TryLocate(_next, _segment, _offset, ref _window, out JournalLocation location))
        {
            return false;
        }

        bool isElsewhere = location.Segment != _segment;
        _next = location.Sequence;
        _segment = location.Segment;
        _end = location.End;
        _lastSequence = location.Last;
        if (isElsewhere)
        {
            CloseFile();
            _offset = SegmentHeader.Size;
        }

        if (location.WindowLength > 0)
        {
            CloseFile();
            _windowAt = 0;
            _windowLength = location.WindowLength;
            _offset = location.WindowOffset;
        }
        else if (_scanner is null)
        {
            OpenFile(location);
        }

        return true;
    }

    private void OpenFile(JournalLocation location)
    {
        try
        {
            _file = _storage.OpenRead(location.Segment.Name.ToString());
            _scanner = new SegmentScanner(_file, location.Segment.Name, _offset);
        }
        catch (FileNotFoundException) when (!_journal.IsPending(location.Sequence))
        {
            // All of it was completed, and it was deleted, just now.
        }
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
        _scanner = null;
    }

    internal static JournalRecord RecordOf(RecordHeader header, ReadOnlySpan<byte> body) =>
        new(header.Sequence, header.Time, header.Kind, body[..header.HeaderLength], body[header.HeaderLength..]);
}
