using Microsoft.Win32.SafeHandles;

namespace Keyway.WriteBehind.Journal.Storage;

/// <summary>A file on disk.</summary>
internal sealed class DirectoryFile(SafeFileHandle handle) : IJournalFile
{
    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(handle);

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> target) => RandomAccess.Read(handle, target, offset);

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

    /// <inheritdoc/>
    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    /// <inheritdoc/>
    public void Sync() => RandomAccess.FlushToDisk(handle);

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
