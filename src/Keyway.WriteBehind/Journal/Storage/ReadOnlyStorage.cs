namespace Keyway.WriteBehind.Journal.Storage;

/// <summary>A directory that is looked at: what would change it is not done.</summary>
internal sealed class ReadOnlyStorage(IJournalStorage storage) : IJournalStorage
{
    private readonly HashSet<string> _files = [.. storage.List()];

    /// <inheritdoc/>
    public IDisposable Lock() => new ReadOnlyFile(null);

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. _files];

    /// <inheritdoc/>
    public IJournalFile OpenRead(string name) => Open(name);

    /// <inheritdoc/>
    public IJournalFile OpenWrite(string name) => Open(name);

    /// <inheritdoc/>
    public void Delete(string name)
    {
    }

    /// <inheritdoc/>
    public void SyncNames()
    {
    }

    /// <inheritdoc/>
    public long FreeBytes() => storage.FreeBytes();

    private ReadOnlyFile Open(string name)
    {
        try
        {
            return new ReadOnlyFile(_files.Contains(name) ? storage.OpenRead(name) : null);
        }
        catch (FileNotFoundException)
        {
            return new ReadOnlyFile(null); // Its owner has deleted it since.
        }
    }

    private sealed class ReadOnlyFile(IJournalFile? file) : IJournalFile
    {
        public long Length => file?.Length ?? 0;

        public int Read(long offset, Span<byte> target) => file?.Read(offset, target) ?? 0;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
        }

        public void SetLength(long length)
        {
        }

        public void Sync()
        {
        }

        public void Dispose() => file?.Dispose();
    }
}
