using System.Runtime.CompilerServices;

namespace Keyway.Protocol.Resp;

/// <summary>
/// Finds a client's requests: <c>*count CRLF ($length CRLF bytes CRLF)...</c>, or a plain line (see <see cref="InlineRequest"/>).
/// Accepts what Redis 7.0 accepts, with two exceptions: where Redis skips the bytes of a CRLF without looking at them, they must be
/// CRLF here, since a frame that two readers understand differently lets one client write into another's requests.
/// </summary>
public static class RespRequestScanner
{
    /// <summary>Looks for the end of the request that <paramref name="buffer"/> begins with.</summary>
    /// <param name="buffer">All bytes of the request so far, from its first; may go beyond its end.</param>
    /// <param name="state">What earlier calls with fewer bytes found; reset when the request ends.</param>
    /// <param name="args">Complete: the arguments, none for an empty request, which is to be ignored. Otherwise without meaning.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="frameLength">Complete: bytes of the request; else 0.</param>
    /// <param name="error">Why the request is refused; the connection must be closed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScanStatus Scan(
        ReadOnlySpan<byte> buffer, ref RequestScanState state, RequestArgs args, in RespLimits limits, out int frameLength, out RequestError error)
    {
        if (state.IsEmpty)
        {
            args.Clear();
            frameLength = WholeRequest(buffer, args, limits);
            if (frameLength > 0)
            {
                error = RequestError.None;
                return ScanStatus.Complete;
            }
        }

        return ScanPieces(buffer, ref state, args, limits, out frameLength, out error);
    }

    /// <summary>The usual case: a whole valid request. 0 for everything else, with a part of the arguments in <paramref name="args"/>.</summary>
    private static int WholeRequest(ReadOnlySpan<byte> buffer, RequestArgs args, in RespLimits limits)
    {
        if (buffer.Length < 4 || buffer[0] != '*')
        {
            return 0;
        }

        int header = RespLength.TryRead(buffer[1..], out long count);
        if (header == 0 || count > limits.MaxArgs)
        {
            return 0;
        }

        int at = header + 1;
        for (long left = count; left > 0; left--)
        {
            int next = NextArg(buffer, at, limits.MaxBulk, out int start);
            if (next == 0)
            {
                return 0;
            }

            args.Add(start, next - start - 2);
            at = next;
        }

        return at;
    }

    /// <summary>Offset behind the argument at <paramref name="at"/>, 0 if it is not whole or not valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextArg(ReadOnlySpan<byte> buffer, int at, long maxBulk, out int start)
    {
        start = 0;
        if (at >= buffer.Length || buffer[at] != '$')
        {
            return 0;
        }

        int header = RespLength.TryRead(buffer[(at + 1)..], out long length);
        start = at + 1 + header;
        if (header == 0 || length > maxBulk || length > buffer.Length - start - 2)
        {
            return 0;
        }

        int end = start + (int)length;
        return buffer[end] == '\r' && buffer[end + 1] == '\n' ? end + 2 : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ScanStatus ScanPieces(
        ReadOnlySpan<byte> buffer, ref RequestScanState state, RequestArgs args, in RespLimits limits, out int frameLength, out RequestError error)
    {
        frameLength = 0;
        error = RequestError.None;
        if (buffer.IsEmpty)
        {
            return ScanStatus.NeedMore;
        }

        if (state.IsEmpty)
        {
            state.At = buffer[0] == '*' ? RequestScanState.Part.Count : RequestScanState.Part.Inline;
        }

        ScanStatus status = ScanStatus.Complete;
        if (state.At == RequestScanState.Part.Inline)
        {
            status = InlineRequest.Scan(buffer, ref state, args, limits, out frameLength, out error);
        }
        else
        {
            if (state.At == RequestScanState.Part.Count)
            {
                status = ReadCount(buffer, ref state, limits, out error);
            }

            if (status == ScanStatus.Complete)
            {
                status = ReadArgs(buffer, ref state, limits, out error);
            }

            if (status == ScanStatus.Complete)
            {
                // The ranges were not kept (the list is shared by all clients): one more pass, now that all is here.
                frameLength = state.Next;
                args.Clear();
                if (state.TotalArgs > 0)
                {
                    WholeRequest(buffer, args, limits);
                }
            }
        }

        if (status == ScanStatus.Complete)
        {
            state.Reset();
        }

        return status;
    }

    private static ScanStatus ReadCount(ReadOnlySpan<byte> buffer, ref RequestScanState state, in RespLimits limits, out RequestError error)
    {
        error = RequestError.None;
        ScanStatus status = ReadNumber(buffer, ref state, out long count, out int next);
        if (status == ScanStatus.NeedMore)
        {
            return status;
        }

        if (status == ScanStatus.Error || count > limits.MaxArgs)
        {
            error = next > 0 ? RequestError.InvalidMultibulkLength : RequestError.TooBigMultibulkCount;
            return ScanStatus.Error;
        }

        state.At = RequestScanState.Part.Args;
        state.Next = next;
        state.Searched = 0;
        state.TotalArgs = (int)Math.Max(count, 0);
        return ScanStatus.Complete;
    }

    private static ScanStatus ReadArgs(ReadOnlySpan<byte> buffer, ref RequestScanState state, in RespLimits limits, out RequestError error)
    {
        error = RequestError.None;
        while (state.CompleteArgs < state.TotalArgs)
        {
            int next = NextArg(buffer, state.Next, limits.MaxBulk, out _);
            if (next == 0)
            {
                return ReadPartOfArg(buffer, ref state, limits, out error);
            }

            state.Next = next;
            state.Searched = 0;
            state.PendingBulk = 0;
            state.CompleteArgs++;
        }

        return ScanStatus.Complete;
    }

    /// <summary>The argument at <c>state.Next</c> is not whole, or wrong: finds out which, and how far it goes.</summary>
    private static ScanStatus ReadPartOfArg(ReadOnlySpan<byte> buffer, ref RequestScanState state, in RespLimits limits, out RequestError error)
    {
        error = RequestError.None;
        if (state.Next >= buffer.Length)
        {
            return ScanStatus.NeedMore;
        }

        if (buffer[state.Next] != '$')
        {
            state.OffendingByte = buffer[state.Next];
            error = RequestError.ExpectedDollar;
            return ScanStatus.Error;
        }

        ScanStatus status = ReadNumber(buffer, ref state, out long length, out int start);
        if (status == ScanStatus.NeedMore)
        {
            return status;
        }

        if (status == ScanStatus.Error || length < 0 || length > limits.MaxBulk)
        {
            error = start > 0 ? RequestError.InvalidBulkLength : RequestError.TooBigBulkCount;
            return ScanStatus.Error;
        }

        state.PendingBulk = length;
        state.PendingBulkStart = start;
        ReadOnlySpan<byte> end = length < buffer.Length - start ? buffer[(start + (int)length)..] : default;
        if ((end.Length > 0 && end[0] != '\r') || (end.Length > 1 && end[1] != '\n'))
        {
            error = RequestError.MissingBulkEnd;
            return ScanStatus.Error;
        }

        return ScanStatus.NeedMore;
    }

    /// <summary>
    /// Reads the number and CRLF behind the type byte at <c>state.Next</c>; <paramref name="next"/> is the offset behind them, and 0
    /// for an error that is the line's length.
    /// </summary>
    private static ScanStatus ReadNumber(ReadOnlySpan<byte> buffer, ref RequestScanState state, out long number, out int next)
    {
        number = 0;
        next = 0;
        ReadOnlySpan<byte> line = buffer[state.Next..];
        int found = line[state.Searched..].IndexOf((byte)'\r');
        int length = found < 0 ? line.Length : state.Searched + found;
        if (length > RespLimits.MaxLine)
        {
            return ScanStatus.Error;
        }

        state.Searched = length;
        if (found < 0 || length + 1 == line.Length)
        {
            return ScanStatus.NeedMore;
        }

        next = state.Next + length + 2;
        return line[length + 1] == '\n' && RespLength.TryParse(line[1..length], out number) ? ScanStatus.Complete : ScanStatus.Error;
    }
}
