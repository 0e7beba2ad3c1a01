namespace Keyway.Proxy.Compression;

/// <summary>Writes to a stretch of an array; what goes beyond it is dropped, and remembered.</summary>
internal sealed class BoundedStream(byte[] target, int start, int length) : Stream
{
    /// <summary>Bytes that were written, as long as they fit.</summary>
    internal int Written { get; private set; }

    /// <summary>True once something did not fit.</summary>
    internal bool IsExceeded { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Written;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        IsExceeded |= buffer.Length > length - Written;
        if (!IsExceeded)
        {
            buffer.CopyTo(target.AsSpan(start + Written));
            Written += buffer.Length;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
