using System.Runtime.CompilerServices;

namespace Keyway.Protocol.Resp;

/// <summary>
/// Finds where a RESP2 or RESP3 value (a server's reply) ends. Bytes are given once, in pieces of any size, and never looked at
/// again: what is known of a half-read line is kept here. Contents are the reader's business; only bounds are checked.
/// An attribute belongs to the frame of the value that follows it. The default value is ready for use.
/// Grammar: https://redis.io/docs/latest/develop/reference/protocol-spec/.
/// </summary>
public struct RespFrameScanner
{
    private enum Phase : byte
    {
        Type,
        Line,
        LineEnd,
        Length,
        LengthEnd,
        Body,
        BodyReturn,
        BodyEnd,
    }

    private const long MaxElements = int.MaxValue;
    private const long NullLength = -1;

    // Values that follow the one being read, at its level; the outer levels' counts are in _outer.
    private long _following;
    private RespDepths _outer;
    private int _depth;

    // Bytes of the line so far (Line), the length so far (Length) or the bytes left (Body).
    private long _number;
    private int _digits;
    private bool _negative;
    private Phase _phase;
    private byte _type;

    /// <summary>True if some bytes of a value were seen, but not its end; also after an error.</summary>
    public bool IsMidFrame { get; private set; }

    /// <summary>Why the last scan failed. The scanner stays failed until <see cref="Reset"/>.</summary>
    public RespError Error { get; private set; }

    /// <summary>Forgets a half-read value or an error.</summary>
    public void Reset()
    {
        _following = 0;
        _depth = 0;
        _phase = Phase.Type;
        IsMidFrame = false;
        Error = RespError.None;
    }

    /// <summary>Goes on with the current value.</summary>
    /// <param name="data">The bytes that follow those already given.</param>
    /// <param name="limits">Bounds; the same for all bytes of a value.</param>
    /// <param name="consumed">Bytes of <paramref name="data"/> that belong to the value; for an error, those before the wrong one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ScanStatus Scan(ReadOnlySpan<byte> data, in RespLimits limits, out int consumed)
    {
        if (!IsMidFrame)
        {
            consumed = WholeScalar(data, limits.MaxBulk);
            if (consumed > 0)
            {
                return ScanStatus.Complete;
            }
        }

        return ScanPieces(data, limits, out consumed);
    }

    /// <summary>Length of the scalar that <paramref name="data"/> begins with, 0 if it is not all there, not valid or no scalar.</summary>
    private static int WholeScalar(ReadOnlySpan<byte> data, long maxBulk)
    {
        if (data.Length < 3)
        {
            return 0;
        }

        switch (data[0])
        {
            case (byte)'$':
                int header = RespLength.TryRead(data[1..], out long length);
                if (header == 0)
                {
                    // A miss, the second most frequent reply of a cache.
                    return data.StartsWith("$-1\r\n"u8) ? 5 : 0;
                }

                if (length > maxBulk || length > data.Length - header - 3)
                {
                    return 0;
                }

                int end = header + 1 + (int)length;
                return data[end] == '\r' && data[end + 1] == '\n' ? end + 2 : 0;
            case (byte)'+' or (byte)'-' or (byte)':' or (byte)',':
                ReadOnlySpan<byte> line = data[1..Math.Min(data.Length, RespLimits.MaxLine + 3)];
                int stop = ShortLineEnd(line);
                return stop >= 0 && stop + 1 < line.Length && line[stop] == '\r' && line[stop + 1] == '\n' ? stop + 3 : 0;
            case (byte)'_':
                return data[1] == '\r' && data[2] == '\n' ? 3 : 0;
            default:
                return 0;
        }
    }

    /// <summary>Index of the first CR or LF, -1 if none. A call of the vectorised search costs more than most lines are long.</summary>
    private static int ShortLineEnd(ReadOnlySpan<byte> line)
    {
        for (int i = 0; i < line.Length && i < 8; i++)
        {
            if (line[i] is (byte)'\r' or (byte)'\n')
            {
                return i;
            }
        }

        return line.IndexOfAny((byte)'\r', (byte)'\n');
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ScanStatus ScanPieces(ReadOnlySpan<byte> data, in RespLimits limits, out int consumed)
    {
        int at = 0;
        bool ended = false;
        if (Error == RespError.None)
        {
            while (at < data.Length && !ended)
            {
                ended = _phase == Phase.Type ? Begin(data, ref at, limits) : Continue(data, ref at, limits);
            }
        }

        consumed = at;
        bool failed = Error != RespError.None;
        IsMidFrame = failed || (!ended && (IsMidFrame || at > 0));
        return failed ? ScanStatus.Error : ended ? ScanStatus.Complete : ScanStatus.NeedMore;
    }

    /// <summary>At the first byte of a value. True: the frame ended, or is wrong.</summary>
    private bool Begin(ReadOnlySpan<byte> data, ref int at, in RespLimits limits)
    {
        ReadOnlySpan<byte> rest = data[at..];
        int whole = WholeScalar(rest, limits.MaxBulk);
        if (whole > 0)
        {
            at += whole;
            return EndValue();
        }

        _type = rest[0];
        _number = 0;
        _digits = 0;
        _negative = false;
        switch (_type)
        {
            case (byte)'+' or (byte)'-' or (byte)':' or (byte)',' or (byte)'(' or (byte)'_' or (byte)'#':
                _phase = Phase.Line;
                break;
            case (byte)'$' or (byte)'=' or (byte)'!' or (byte)'*' or (byte)'%' or (byte)'~' or (byte)'|':
                _phase = Phase.Length;
                break;
            case (byte)'>' when _depth == 0:
                _phase = Phase.Length;
                break;
            case (byte)'>':
                return Fail(RespError.NestedPush);
            case (byte)';' or (byte)'.':
                return Fail(RespError.Streamed);
            default:
                return Fail(RespError.UnknownType);
        }

        at++;
        return false;
    }

    private bool Continue(ReadOnlySpan<byte> data, ref int at, in RespLimits limits)
    {
        switch (_phase)
        {
            case Phase.Line:
                return ReadLine(data, ref at);
            case Phase.Length:
                return ReadLength(data, ref at, limits);
            case Phase.Body:
                int taken = (int)Math.Min(_number, data.Length - at);
                _number -= taken;
                at += taken;
                _phase = _number == 0 ? Phase.BodyReturn : Phase.Body;
                return false;
            case Phase.BodyReturn:
                return Expect((byte)'\r', data, ref at, RespError.BadBulkEnd, Phase.BodyEnd);
            case Phase.BodyEnd:
                return Expect((byte)'\n', data, ref at, RespError.BadBulkEnd, Phase.Type) || EndValue();
            case Phase.LineEnd:
                return Expect((byte)'\n', data, ref at, RespError.BadLineEnd, Phase.Type) || EndValue();
            default:
                return Expect((byte)'\n', data, ref at, RespError.BadLineEnd, Phase.Type) || EndLength(limits);
        }
    }

    private bool ReadLine(ReadOnlySpan<byte> data, ref int at)
    {
        long bound = _type switch { (byte)'_' => 0, (byte)'#' => 1, _ => RespLimits.MaxLine };
        ReadOnlySpan<byte> rest = data[at..];
        int stop = rest.IndexOfAny((byte)'\r', (byte)'\n');
        int length = stop < 0 ? rest.Length : stop;
        if (_number + length > bound)
        {
            at += (int)(bound - _number);
            return Fail(bound == RespLimits.MaxLine ? RespError.LineTooLong : RespError.BadLine);
        }

        _number += length;
        at += length;
        if (stop < 0)
        {
            return false;
        }

        if (rest[stop] == '\n')
        {
            return Fail(RespError.BadLineEnd);
        }

        if (_type == '#' && _number != 1)
        {
            return Fail(RespError.BadLine);
        }

        at++;
        _phase = Phase.LineEnd;
        return false;
    }

    private bool ReadLength(ReadOnlySpan<byte> data, ref int at, in RespLimits limits)
    {
        if (_digits == 0 && !_negative)
        {
            // The whole header is usually here.
            int header = RespLength.TryRead(data[at..], out long value);
            if (header > 0 && value <= Bound(limits))
            {
                at += header;
                _number = value;
                return EndLength(limits);
            }
        }

        byte next = data[at];
        uint digit = (uint)(next - '0');
        if (digit <= 9)
        {
            // "0" takes no further digit, "-" only a 1, "-1" nothing.
            bool minimal = _negative ? _digits == 0 && digit == 1 : _digits == 0 || _number != 0;
            if (!minimal)
            {
                return Fail(RespError.BadLength);
            }

            _digits++;
            _number = (_number * 10) + digit;
            if (_number > Bound(limits))
            {
                return Fail(IsBulk ? RespError.BulkTooLong : RespError.TooManyElements);
            }
        }
        else if (next == '\r' && _digits > 0)
        {
            _phase = Phase.LengthEnd;
        }
        else if (next == '-' && _digits == 0 && !_negative && _type is (byte)'$' or (byte)'*')
        {
            _negative = true;
        }
        else
        {
            return Fail(next == '?' && _digits == 0 && !_negative ? RespError.Streamed : RespError.BadLength);
        }

        at++;
        return false;
    }

    private readonly bool IsBulk => _type is (byte)'$' or (byte)'=' or (byte)'!';

    // A null's 1 must pass whatever the limit is.
    private readonly long Bound(in RespLimits limits) => _negative || !IsBulk ? MaxElements : limits.MaxBulk;

    /// <summary>The header of a bulk or an aggregate is read: its length is <see cref="_number"/>.</summary>
    private bool EndLength(in RespLimits limits)
    {
        _phase = Phase.Type;
        long length = _negative ? NullLength : _number;
        if (length == NullLength)
        {
            return EndValue();
        }

        if (IsBulk)
        {
            _phase = length == 0 ? Phase.BodyReturn : Phase.Body;
            return false;
        }

        if (_depth >= Math.Min(limits.MaxDepth, RespLimits.MostDepth))
        {
            return Fail(RespError.TooDeep);
        }

        if (_type == '|')
        {
            // The attribute takes the place of no value: the one it describes is still to come.
            _following++;
        }

        long children = _type is (byte)'%' or (byte)'|' ? length * 2 : length;
        if (children == 0)
        {
            return EndValue();
        }

        _outer[_depth++] = _following;
        _following = children - 1;
        return false;
    }

    /// <summary>Goes to the next value; true if there is none.</summary>
    private bool EndValue()
    {
        while (_following == 0)
        {
            if (_depth == 0)
            {
                return true;
            }

            _following = _outer[--_depth];
        }

        _following--;
        return false;
    }

    private bool Expect(byte wanted, ReadOnlySpan<byte> data, ref int at, RespError error, Phase then)
    {
        if (data[at] != wanted)
        {
            return Fail(error);
        }

        at++;
        _phase = then;
        return false;
    }

    private bool Fail(RespError error)
    {
        Error = error;
        return true;
    }
}
