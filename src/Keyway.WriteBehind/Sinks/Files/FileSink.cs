using System.Globalization;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Sinks.Files;

/// <summary>
/// Appends records to a file of a directory. The file in use ends with <c>.part</c>; it loses that when it is closed, for its size or its age,
/// and never changes afterwards but to be compressed. A batch counts as delivered when it is on the disk (fsync).
/// </summary>
public sealed class FileSink : ISink
{
    private readonly FileSinkOptions _options;
    private readonly TimeProvider _time;
    private readonly ClosedFiles _closed;
    private readonly DirectoryStorage _names;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ITimer _timer;
    private FileStream? _file;
    private long _length;

    private FileSink(FileSinkOptions options, TimeProvider time, ClosedFiles closed)
    {
        _options = options;
        _time = time;
        _closed = closed;
        _names = new DirectoryStorage(options.Directory);
        _timer = time.CreateTimer(_ => RollForAge(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public string Name => "files in " + _options.Directory;

    /// <inheritdoc/>
    public SinkLimits Limits { get; } = new() { Records = 10_000, Bytes = 4 << 20, RecordBytes = 64 << 20 };

    /// <summary>Makes the directory, and closes what an earlier process left open.</summary>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public static FileSink Open(FileSinkOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            Directory.CreateDirectory(options.Directory);
            ClosedFiles closed = new(options);
            closed.TakeOver();
            return new FileSink(options, time, closed);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"the directory {options.Directory} cannot be used: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(records);
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return Write(records);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        Roll();
        await _closed.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private SinkResult Write(IReadOnlyList<SinkRecord> records)
    {
        try
        {
            FileStream file = _file ??= Begin(records[0]);
            foreach (SinkRecord record in records)
            {
                file.Write(record.Data.Span);
            }

            file.Flush(flushToDisk: true);
            _length = file.Position;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TakeBack();
            return new SinkResult { Verdict = SinkVerdict.Retry, Reason = e.Message };
        }

        if (_length >= _options.RollSize)
        {
            Roll();
        }

        return SinkResult.Ok;
    }

    private FileStream Begin(SinkRecord first)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{_closed.Prefix}{_time.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}-{first.Id:x16}{ClosedFiles.Suffix}");
        FileStream file = new(Path.Combine(_options.Directory, name + ClosedFiles.Open), FileMode.Create, FileAccess.Write, FileShare.Read);
        try
        {
            _names.SyncNames();
        }
        catch (IOException)
        {
            file.Dispose();
            _closed.Add(file.Name, 0);
            throw;
        }

        _length = 0;
        _timer.Change(_options.RollInterval, Timeout.InfiniteTimeSpan);
        return file;
    }

    /// <summary>What a failed batch has left is cut off, since all of it is sent again.</summary>
    private void TakeBack()
    {
        if (_file is null)
        {
            return;
        }

        string path = _file.Name;
        try
        {
            // Closing tries to write what is buffered once more.
            _file.Dispose();
        }
        catch (IOException)
        {
            // The failure is known.
        }

        _file = null;
        try
        {
            using (FileStream file = new(path, FileMode.Open, FileAccess.Write))
            {
                file.SetLength(_length);
            }

            _closed.Add(path, _length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is away: the file stays as a crash would leave it, for the next start.
        }
    }

    private void RollForAge()
    {
        try
        {
            _turn.Wait();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        Roll();
        _turn.Release();
    }

    private void Roll()
    {
        if (_file is { } file)
        {
            _file = null;
            file.Dispose();
            _closed.Add(file.Name, _length);
        }
    }
}
