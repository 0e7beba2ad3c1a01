using System.Buffers;
using System.Globalization;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>One server's answer to SCAN to the client's: the cursor is replaced by one that also says which server comes next.</summary>
public static class ScanMerge
{
    /// <summary>
    /// Writes the answer with the client's next cursor; an error as it is; <see cref="ScanCursor.OverflowError"/> if the cursors do not fit.
    /// </summary>
    /// <param name="part">The server's whole frame: cursor and elements.</param>
    /// <param name="nextCursor">From the server's cursor to the client's; null if it does not fit.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>False, and nothing is written, if the part is not an array of a cursor and an array, or not whole.</returns>
    public static bool TryMerge(ReadOnlySpan<byte> part, Func<ulong, ulong?> nextCursor, IBufferWriter<byte> output)
    {
        if (!PartFrames.IsWhole(part))
        {
            return false;
        }

        var reader = new RespReader(part);
        reader.TryReadNext();
        if (reader.IsError)
        {
            output.Write(part);
            return true;
        }

        if (reader.Type != RespType.Array || reader.ChildCount != 2 || !TryReadPosition(ref reader, out var position))
        {
            return false;
        }

        var elements = part[^reader.Remaining..];
        if (!reader.TryReadNext() || !reader.IsAggregate || reader.IsNull)
        {
            return false;
        }

        if (nextCursor(position) is not { } next)
        {
            output.Advance(RespWriter.WriteError(output.GetSpan(ScanCursor.OverflowError.Length + RespWriter.MaxHeader), ScanCursor.OverflowError));
            return true;
        }

        Span<byte> digits = stackalloc byte[ScanCursor.MaxDigits];
        next.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        PartFrames.WriteArrayHeader(output, 2);
        output.Advance(RespWriter.WriteBulk(output.GetSpan(RespWriter.MaxHeader + length + 2), digits[..length]));
        output.Write(elements);
        return true;
    }

    private static bool TryReadPosition(ref RespReader reader, out ulong position)
    {
        position = 0;
        return reader.TryReadNext()
            && reader.Type == RespType.BulkString
            && ulong.TryParse(reader.Bytes, NumberStyles.None, CultureInfo.InvariantCulture, out position);
    }
}
