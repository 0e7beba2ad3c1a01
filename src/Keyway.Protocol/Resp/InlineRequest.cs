using System.Buffers;

namespace Keyway.Protocol.Resp;

/// <summary>
/// Requests typed as a plain line. Split as Redis's <c>sdssplitargs</c> does it: blanks between arguments; <c>"..."</c> with
/// <c>\n \r \t \b \a \xHH</c> and <c>\</c> before any other byte standing for it; <c>'...'</c> with <c>\'</c>. Such a line is
/// never forwarded: it is written anew as an array of bulks.
/// </summary>
internal static class InlineRequest
{
    public static ScanStatus Scan(
        ReadOnlySpan<byte> buffer, ref RequestScanState state, RequestArgs args, in RespLimits limits, out int frameLength, out RequestError error)
    {
        frameLength = 0;
        int found = buffer[state.Searched..].IndexOf((byte)'\n');
        int length = found < 0 ? buffer.Length : state.Searched + found;
        state.Searched = length;
        error = length > RespLimits.MaxLine ? RequestError.TooBigInline : RequestError.None;
        if (error != RequestError.None)
        {
            return ScanStatus.Error;
        }

        if (found < 0)
        {
            return ScanStatus.NeedMore;
        }

        ReadOnlySpan<byte> line = buffer[..length];
        error = Split(line is [.., (byte)'\r'] ? line[..^1] : line, args, limits);
        frameLength = error == RequestError.None ? length + 1 : 0;
        return error == RequestError.None ? ScanStatus.Complete : ScanStatus.Error;
    }

    private static RequestError Split(ReadOnlySpan<byte> line, RequestArgs args, in RespLimits limits)
    {
        args.Clear();
        if (line.Contains((byte)0))
        {
            return RequestError.ZeroByteInline;
        }

        // The arguments are unquoted first, then framed: headers can be written only when the lengths are known.
        byte[] plain = ArrayPool<byte>.Shared.Rent(line.Length + 1);
        try
        {
            int written = 0;
            int at = SkipBlanks(line, 0);
            while (at < line.Length)
            {
                int start = written;
                if (!Unquote(line, ref at, plain, ref written))
                {
                    return RequestError.UnbalancedQuotes;
                }

                if (written - start > limits.MaxBulk)
                {
                    return RequestError.InvalidBulkLength;
                }

                args.Add(start, written - start);
                at = SkipBlanks(line, at);
            }

            return args.Count > limits.MaxArgs ? RequestError.InvalidMultibulkLength : Frame(plain, args, written);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    /// <summary>Reads one argument. False: a quote is open, or the closing one is not followed by a blank.</summary>
    private static bool Unquote(ReadOnlySpan<byte> line, ref int at, Span<byte> plain, ref int written)
    {
        byte quote = 0;
        while (at < line.Length)
        {
            byte next = line[at++];
            if (quote == 0)
            {
                if (next is (byte)' ' or (byte)'\t' or (byte)'\r')
                {
                    return true;
                }

                if (next is (byte)'"' or (byte)'\'')
                {
                    quote = next;
                    continue;
                }
            }
            else if (next == quote)
            {
                return at == line.Length || IsBlank(line[at]);
            }
            else if (next == '\\' && at < line.Length && (quote == '"' || line[at] == '\''))
            {
                next = quote == '"' ? Unescape(line, ref at) : line[at++];
            }

            plain[written++] = next;
        }

        return quote == 0;
    }

    /// <summary>The byte that an escape stands for; <paramref name="at"/> is behind the backslash.</summary>
    private static byte Unescape(ReadOnlySpan<byte> line, ref int at)
    {
        byte next = line[at++];
        if (next == 'x' && at + 1 < line.Length && char.IsAsciiHexDigit((char)line[at]) && char.IsAsciiHexDigit((char)line[at + 1]))
        {
            byte value = byte.Parse(line.Slice(at, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null);
            at += 2;
            return value;
        }

        return next switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => next,
        };
    }

    private static RequestError Frame(ReadOnlySpan<byte> plain, RequestArgs args, int plainLength)
    {
        int count = args.Count;
        if (count == 0)
        {
            return RequestError.None;
        }

        ReadOnlySpan<byte> name = plain.Slice(0, args.Length(0));
        if (System.Text.Ascii.EqualsIgnoreCase(name, "post"u8) || System.Text.Ascii.EqualsIgnoreCase(name, "host:"u8))
        {
            return RequestError.Http;
        }

        Span<byte> frame = args.BeginInline(plainLength + ((count + 1) * (RespWriter.MaxHeader + 2)));
        int at = RespWriter.WriteArrayHeader(frame, count);
        for (int i = 0; i < count; i++)
        {
            ArgRange range = args[i];
            at += RespWriter.WriteBulkHeader(frame[at..], range.Length);
            plain.Slice(range.Start, range.Length).CopyTo(frame[at..]);
            args.Move(i, at);
            at += range.Length;
            "\r\n"u8.CopyTo(frame[at..]);
            at += 2;
        }

        args.EndInline(at);
        return RequestError.None;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> line, int at)
    {
        while (at < line.Length && IsBlank(line[at]))
        {
            at++;
        }

        return at;
    }

    // C's isspace.
    private static bool IsBlank(byte value) => value is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
}
