using System.IO.Compression;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Sinks.Files;

/// <summary>Files that are no longer written: gives them their last name, and compresses them if that is wanted.</summary>
internal sealed class ClosedFiles(FileSinkOptions options) : IAsyncDisposable
{
    /// <summary>What finished files end with.</summary>
    internal const string Suffix = ".ndjson";

    /// <summary>What the file in use ends with besides.</summary>
    internal const string Open = ".part";

    private const string Compressed = ".gz";

    /// <summary>Between prefix and suffix: <c>20260101T000000000Z-0000000000000001</c>.</summary>
    private const int StampLength = 36;

    private readonly DirectoryStorage _names = new(options.Directory);
    private Task _compressing = Task.CompletedTask;

    /// <summary>What the names of the pool's files begin with.</summary>
    internal string Prefix { get; } = Uri.EscapeDataString(options.Pool) + "-";

    /// <summary>A file has been closed with that length; an empty one goes.</summary>
    internal void Add(string path, long length)
    {
        try
        {
            if (length == 0)
            {
                File.Delete(path);
                return;
            }

            string final = path[..^Open.Length];
            File.Move(path, final);
            if (options.Gzip)
            {
                _compressing = _compressing.ContinueWith(_ => Compress(final), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It keeps its name until the next start.
        }
    }

    /// <summary>
    /// Finishes what an earlier process left, and what it did not get to compress. A file that somebody still writes is left alone: another process with this
    /// directory may be at work.
    /// </summary>
    internal void TakeOver()
    {
        foreach (string path in Left(Suffix + Compressed + Open))
        {
            if (File.Exists(path[..^(Compressed.Length + Open.Length)]))
            {
                File.Delete(path); // half of a compressed file, whose source is still here
            }
        }

        foreach (string path in Left(Suffix + Open))
        {
            if (CutTail(path) is { } length)
            {
                Add(path, length);
            }
        }

        if (options.Gzip)
        {
            string[] left = Left(Suffix);
            _compressing = _compressing.ContinueWith(_ => Array.ForEach(left, Compress), TaskScheduler.Default);
        }
    }

    /// <summary>Waits until all is compressed.</summary>
    public async ValueTask DisposeAsync() => await _compressing.ConfigureAwait(false);

    /// <summary>The pool's files with that end. Names of a pool that begins with this one's and a hyphen are longer.</summary>
    private string[] Left(string end) =>
        [.. Directory.GetFiles(options.Directory, Prefix + "*" + end).Where(path => Path.GetFileName(path).Length == Prefix.Length + StampLength + end.Length)];

    /// <summary>Cuts off the beginning of a record that a crash left; returns the length, or null if the file is being written.</summary>
    private long? CutTail(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        using (file)
        {
            return CutTail(file);
        }
    }

    private long CutTail(FileStream file)
    {
        if (!options.IsLines)
        {
            return file.Length;
        }

        byte[] block = new byte[64 * 1024];
        for (long end = file.Length; end > 0;)
        {
            long start = Math.Max(0, end - block.Length);
            Span<byte> bytes = block.AsSpan(0, (int)(end - start));
            file.Position = start;
            file.ReadExactly(bytes);
            int at = bytes.LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                file.SetLength(start + at + 1);
                return file.Length;
            }

            end = start;
        }

        file.SetLength(0);
        return 0;
    }

    private void Compress(string path)
    {
        try
        {
            string part = path + Compressed + Open;
            using (FileStream plain = File.OpenRead(path))
            using (FileStream file = File.Create(part))
            {
                using (GZipStream gzip = new(file, CompressionLevel.Optimal, leaveOpen: true))
                {
                    plain.CopyTo(gzip);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(part, path + Compressed, overwrite: true);
            _names.SyncNames(); // or a power cut might keep only that the file is gone
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays as it is; the next start tries again.
        }
    }
}
