using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Memcached;

/// <summary>
/// The first request of a client where a password is needed, as memcached has it with <c>-Y</c>: <c>set key flags exptime bytes</c>, of which only
/// the number of bytes counts, and a data block of a user's name, a blank and the password.
/// </summary>
public static class MemcachedCredentials
{
    /// <summary>The longest data block in bytes: whoever is not let in is not to fill the memory.</summary>
    public const int MaxLength = 1024;

    /// <summary>Reads the request that <paramref name="buffer"/> begins with.</summary>
    /// <param name="buffer">All bytes of the request so far, from its first; may go beyond its end.</param>
    /// <param name="scratch">For the words; without meaning afterwards.</param>
    /// <param name="length">Complete: bytes of the request, else 0.</param>
    /// <param name="error">Complete: what is wrong with it.</param>
    /// <param name="password">Complete and nothing wrong: the password. Any name will do.</param>
    /// <returns><see cref="ScanStatus.Error"/> for what is too long: the connection is to be closed.</returns>
    public static ScanStatus Scan(
        ReadOnlySpan<byte> buffer, RequestArgs scratch, out int length, out CredentialsError error, out ReadOnlySpan<byte> password)
    {
        length = 0;
        error = CredentialsError.Missing;
        password = default;
        int end = buffer.IndexOf((byte)'\n');
        if (end < 0)
        {
            return buffer.Length > MemcachedRequestScanner.MaxLine ? ScanStatus.Error : ScanStatus.NeedMore;
        }

        ReadOnlySpan<byte> line = buffer[..end];
        scratch.Clear();
        MemcachedLine.Split(line, scratch);
        if (scratch.Count < 5 || !scratch.Get(line, 0).SequenceEqual("set"u8) || !MemcachedNumber.TryReadUnsigned(scratch.Get(line, 4), out ulong size))
        {
            length = end + 1;
            return ScanStatus.Complete;
        }

        if (size > MaxLength)
        {
            return ScanStatus.Error;
        }

        int whole = end + 1 + (int)size + 2;
        if (buffer.Length < whole)
        {
            return ScanStatus.NeedMore;
        }

        length = whole;
        ReadOnlySpan<byte> data = buffer.Slice(end + 1, (int)size);
        error = buffer[whole - 2] == '\r' && buffer[whole - 1] == '\n' ? ReadData(data, scratch, out password) : CredentialsError.BadEnd;
        return ScanStatus.Complete;
    }

    private static CredentialsError ReadData(ReadOnlySpan<byte> data, RequestArgs scratch, out ReadOnlySpan<byte> password)
    {
        scratch.Clear();
        MemcachedLine.Split(data, scratch);
        bool isPair = scratch.Count >= 2;
        password = isPair ? scratch.Get(data, 1) : default;
        return isPair ? CredentialsError.None : CredentialsError.BadFormat;
    }
}
