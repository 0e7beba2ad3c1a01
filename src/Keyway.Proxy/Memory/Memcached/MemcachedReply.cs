using System.Buffers;
using System.Globalization;

namespace Keyway.Proxy.Memory.Memcached;

/// <summary>Writes answers.</summary>
internal sealed class MemcachedReply
{
    public const int MaxDigits = 20;

    // Only set while a session handles input.
    private IBufferWriter<byte> _output = null!;

    public void Begin(IBufferWriter<byte> output) => _output = output;

    public void End() => _output = null!;

    /// <summary>A whole line.</summary>
    public void Line(ReadOnlySpan<byte> text)
    {
        _output.Write(text);
        _output.Write("\r\n"u8);
    }

    /// <summary>A whole line, unless the client wants to hear nothing.</summary>
    public void Line(ReadOnlySpan<byte> text, bool isQuiet)
    {
        if (!isQuiet)
        {
            Line(text);
        }
    }

    /// <summary>A part of a line.</summary>
    public void Part(ReadOnlySpan<byte> text) => _output.Write(text);

    /// <summary>A part of a line.</summary>
    public void Number(ulong value)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        _output.Write(digits[..length]);
    }

    /// <summary>A line of statistics.</summary>
    public void Stat(ReadOnlySpan<byte> name, long value)
    {
        Part("STAT "u8);
        Part(name);
        Part(" "u8);
        Number((ulong)value);
        Part("\r\n"u8);
    }
}
