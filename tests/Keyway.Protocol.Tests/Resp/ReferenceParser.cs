using System.Globalization;
using System.Text;

namespace Keyway.Protocol.Tests.Resp;

/// <summary>A slow, recursive parser of one reply, written from the specification, to compare the scanner with.</summary>
internal static class ReferenceParser
{
    public const int Incomplete = -1;
    public const int Wrong = -2;

    /// <summary>Length of the frame that <paramref name="data"/> begins with, or <see cref="Incomplete"/> or <see cref="Wrong"/>.</summary>
    public static int FrameLength(byte[] data, RespLimits limits)
    {
        try
        {
            return Value(data, 0, limits, 0);
        }
        catch (EndOfStreamException)
        {
            return Incomplete;
        }
        catch (FormatException)
        {
            return Wrong;
        }
    }

    private static int Value(byte[] data, int at, RespLimits limits, int depth)
    {
        char type = (char)ByteAt(data, at++);
        switch (type)
        {
            case '+' or '-' or ':' or ',' or '(':
                return Line(data, at, 65536);
            case '_':
                return Line(data, at, 0);
            case '#':
                return ByteAt(data, at) is (byte)'\r' ? throw new FormatException() : Line(data, at, 1);
            case '$' or '!' or '=':
                (long length, at) = Length(data, at, limits.MaxBulk, type == '$');
                if (length < 0)
                {
                    return at;
                }

                if (at + length > data.Length)
                {
                    throw new EndOfStreamException();
                }

                at += (int)length;
                return Must(data, Must(data, at, '\r'), '\n');
            case '>' when depth > 0:
                throw new FormatException();
            case '*' or '~' or '>' or '%' or '|':
                (long count, at) = Length(data, at, int.MaxValue, type == '*');
                if (count < 0)
                {
                    return at;
                }

                if (depth >= limits.MaxDepth)
                {
                    throw new FormatException();
                }

                for (long i = 0; i < (type is '%' or '|' ? count * 2 : count); i++)
                {
                    at = Value(data, at, limits, depth + 1);
                }

                return type == '|' ? Value(data, at, limits, depth) : at;
            default:
                throw new FormatException();
        }
    }

    private static int Line(byte[] data, int at, int bound)
    {
        int start = at;
        while (ByteAt(data, at) is not ((byte)'\r' or (byte)'\n'))
        {
            at++;
            if (at - start > bound)
            {
                throw new FormatException();
            }
        }

        return Must(data, Must(data, at, '\r'), '\n');
    }

    // A prefix that no further byte can make right is wrong at once, not incomplete: the scanner fails as early as it can.
    private static (long Length, int End) Length(byte[] data, int at, long bound, bool mayBeNull)
    {
        var text = new StringBuilder();
        while (ByteAt(data, at) is var next && next != '\r')
        {
            text.Append((char)next);
            at++;
            string soFar = text.ToString();
            bool possible = soFar is "-" or "-1"
                ? mayBeNull
                : soFar.All(char.IsAsciiDigit) && (soFar == "0" || soFar[0] != '0')
                    && decimal.Parse(soFar, CultureInfo.InvariantCulture) <= bound;
            if (!possible)
            {
                throw new FormatException();
            }
        }

        return long.TryParse(text.ToString(), CultureInfo.InvariantCulture, out long length)
            ? (length, Must(data, Must(data, at, '\r'), '\n'))
            : throw new FormatException();
    }

    private static int Must(byte[] data, int at, char wanted) => ByteAt(data, at) == wanted ? at + 1 : throw new FormatException();

    private static byte ByteAt(byte[] data, int at) => at < data.Length ? data[at] : throw new EndOfStreamException();
}
