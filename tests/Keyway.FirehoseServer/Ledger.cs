namespace Keyway.FirehoseServer;

/// <summary>Every record that was accepted, in the order of acceptance. Any thread.</summary>
public sealed class Ledger : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<LedgerRecord> _records = [];
    private readonly FileStream? _file;
    private readonly bool _countOnly;
    private long _count;
    private long _bytes;

    internal Ledger(string? file, bool countOnly)
    {
        _file = file is null ? null : new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _countOnly = countOnly;
    }

    /// <summary>Records accepted.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The records so far.</summary>
    public IReadOnlyList<LedgerRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    internal void Add(string stream, long call, IEnumerable<byte[]> accepted)
    {
        lock (_lock)
        {
            foreach (byte[] data in accepted)
            {
                _count++;
                _bytes += data.Length;
                _file?.Write(data);
                if (!_countOnly)
                {
                    _records.Add(new LedgerRecord(stream, call, data));
                }
            }

            _file?.Flush();
        }
    }
}

/// <summary>An accepted record.</summary>
/// <param name="Stream">Its delivery stream.</param>
/// <param name="Call">The number of the call that brought it, from 1.</param>
/// <param name="Data">Its bytes.</param>
public sealed record LedgerRecord(string Stream, long Call, byte[] Data)
{
    /// <summary>The bytes as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Data);
}
