using System.Buffers;
using System.Buffers.Text;
using Keyway.Net.Buffers;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Compression;

/// <summary>
/// Decompresses the values in a reply, at whatever depth they stand. What is no value is passed on as it comes; a value is gathered only if it begins as one
/// that was compressed.
/// </summary>
internal sealed class ReplyDecompressor(ValueCodec codec)
{
    private enum Place
    {
        Line,
        OtherLine, // of which nothing has to be known
        Body, // that is passed on
        Start, // of a value that may be compressed
        Value, // that is
    }

    private const int EnoughAtOnce = 64 * 1024;
    private const int LongestHeader = 24; // a type, 20 digits and CRLF

    private readonly byte[] _header = new byte[LongestHeader];
    private int _headerLength;
    private byte[] _value = [];
    private int _valueLength;
    private long _left; // of the body, with its CRLF
    private Place _place;

    /// <summary>
    /// Takes of a piece of a reply, and writes, until something is to be passed on: a few bytes can become many, and whoever they are for may want no more.
    /// </summary>
    /// <returns>How many bytes were taken; the rest is to be given again.</returns>
    internal int Push(ReadOnlySpan<byte> piece, OutputBuffer output)
    {
        int taken = 0;
        while (taken < piece.Length && output.Length < EnoughAtOnce)
        {
            ReadOnlySpan<byte> rest = piece[taken..];
            taken += _place switch
            {
                Place.Line => TakeHeader(rest, output),
                Place.OtherLine => PassLine(rest, output),
                Place.Body => PassBody(rest, output),
                _ => Gather(rest, output),
            };
        }

        return taken;
    }

    /// <summary>Forgets a reply that will not come to its end.</summary>
    internal void Reset()
    {
        _place = Place.Line;
        _headerLength = 0;
        ReturnValue();
    }

    private int TakeHeader(ReadOnlySpan<byte> piece, OutputBuffer output)
    {
        byte type = _headerLength > 0 ? _header[0] : piece[0];
        if (type is not ((byte)'$' or (byte)'=' or (byte)'!' or (byte)';'))
        {
            _place = Place.OtherLine;
            return 0;
        }

        int end = piece.IndexOf((byte)'\n') + 1;
        int taken = end > 0 ? end : piece.Length;
        if (taken > LongestHeader - _headerLength)
        {
            // The scanner takes no such line for a header.
            output.Write(_header.AsSpan(0, _headerLength));
            _headerLength = 0;
            _place = Place.OtherLine;
            return 0;
        }

        piece[..taken].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += taken;
        if (end > 0)
        {
            EndHeader(output);
        }

        return taken;
    }

    private void EndHeader(OutputBuffer output)
    {
        bool hasBody = Utf8Parser.TryParse(_header.AsSpan(1, _headerLength - 1), out long length, out _) && length >= 0;
        _left = length + 2;
        if (hasBody && _header[0] == '$' && length >= StoredValue.MarkSize && length <= codec.MostBytes + StoredValue.HeaderSize)
        {
            _place = Place.Start;
            return;
        }

        _place = hasBody ? Place.Body : Place.Line;
        PassHeader(output);
    }

    private void PassHeader(OutputBuffer output)
    {
        output.Write(_header.AsSpan(0, _headerLength));
        _headerLength = 0;
    }

    private int PassLine(ReadOnlySpan<byte> piece, OutputBuffer output)
    {
        int end = piece.IndexOf((byte)'\n') + 1;
        int taken = end > 0 ? end : piece.Length;
        output.Write(piece[..taken]);
        _place = end > 0 ? Place.Line : Place.OtherLine;
        return taken;
    }

    private int PassBody(ReadOnlySpan<byte> piece, OutputBuffer output)
    {
        int taken = (int)Math.Min(_left, piece.Length);
        output.Write(piece[..taken]);
        _left -= taken;
        _place = _left > 0 ? Place.Body : Place.Line;
        return taken;
    }

    private int Gather(ReadOnlySpan<byte> piece, OutputBuffer output)
    {
        int wanted = _place == Place.Start ? StoredValue.MarkSize - _valueLength : (int)_left;
        int taken = Math.Min(wanted, piece.Length);
        if (_valueLength + taken > _value.Length)
        {
            GrowValue(_valueLength + taken);
        }

        piece[..taken].CopyTo(_value.AsSpan(_valueLength));
        _valueLength += taken;
        _left -= taken;
        if (taken < wanted)
        {
            return taken;
        }

        if (_place == Place.Value)
        {
            EndValue(output);
        }
        else if (codec.LooksCompressed(_value.AsSpan(0, _valueLength)))
        {
            _place = Place.Value;
        }
        else
        {
            PassValue(output);
            _place = Place.Body;
        }

        return taken;
    }

    private void EndValue(OutputBuffer output)
    {
        if (codec.TryDecode(_value, _valueLength - 2, out ReadOnlySpan<byte> value))
        {
            output.WriteBulk(value);
            _headerLength = 0;
            ReturnValue();
        }
        else
        {
            PassValue(output);
        }

        _place = Place.Line;
    }

    private void PassValue(OutputBuffer output)
    {
        PassHeader(output);
        output.Write(_value.AsSpan(0, _valueLength));
        ReturnValue();
    }

    /// <summary>Room is taken as the value comes, not as it is announced.</summary>
    private void GrowValue(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, (int)Math.Min(2L * _value.Length, Array.MaxLength)));
        _value.AsSpan(0, _valueLength).CopyTo(larger);
        if (_value.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_value);
        }

        _value = larger;
    }

    private void ReturnValue()
    {
        if (_value.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_value);
        }

        _value = [];
        _valueLength = 0;
    }
}
