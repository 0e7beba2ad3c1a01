namespace Keyway.WriteBehind.Journal.Storage;

/// <summary>One file of a journal. Errors are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>Bytes in the file now.</summary>
    long Length { get; }

    /// <summary>Reads up to <paramref name="target"/>'s length; 0 at the end of the file.</summary>
    int Read(long offset, Span<byte> target);

    /// <summary>Writes all of it, or throws after having written none, some or all.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts or extends the file.</summary>
    void SetLength(long length);

    /// <summary>Returns when everything written is on the medium. After an exception nothing written since the last success counts.</summary>
    void Sync();
}
