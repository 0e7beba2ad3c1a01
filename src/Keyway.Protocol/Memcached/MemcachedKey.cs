using System.Buffers;
using System.Buffers.Text;

namespace Keyway.Protocol.Memcached;

/// <summary>Keys written in base64 (the meta flag <c>b</c>).</summary>
public static class MemcachedKey
{
    /// <summary>Longest key in bytes, written in base64 or not.</summary>
    public const int MaxLength = 250;

    /// <summary>
    /// The key that is meant, so that both spellings of it are on one server. What is no base64 stays as it is: its server says so.
    /// </summary>
    /// <param name="written">As it stands in the line, at most <see cref="MaxLength"/> bytes.</param>
    /// <param name="scratch">Room for <see cref="MaxLength"/> bytes.</param>
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> written, Span<byte> scratch)
    {
        if (Base64.DecodeFromUtf8(written, scratch, out _, out int length) == OperationStatus.Done)
        {
            return scratch[..length];
        }

        return DecodeLoosely(written, scratch, out length) ? scratch[..length] : written;
    }

    /// <summary>memcached does not look at the bits that the last character has too many.</summary>
    private static bool DecodeLoosely(ReadOnlySpan<byte> written, Span<byte> scratch, out int length)
    {
        Span<byte> canonical = stackalloc byte[MaxLength];
        length = 0;
        int padding = written.EndsWith("=="u8) ? 2 : 1;
        if (written.Length < 4 || written.Length > MaxLength || written[^1] != '=')
        {
            return false;
        }

        written.CopyTo(canonical);
        canonical = canonical[..written.Length];
        ref byte last = ref canonical[^(padding + 1)];
        int spare = padding == 2 ? 0x0f : 0x03;
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        int value = Alphabet.IndexOf((char)last, StringComparison.Ordinal);
        if (value < 0)
        {
            return false;
        }

        last = (byte)Alphabet[value & ~spare];
        return Base64.DecodeFromUtf8(canonical, scratch, out _, out length) == OperationStatus.Done;
    }
}
