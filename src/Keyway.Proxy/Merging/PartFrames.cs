using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>What every merge asks of its parts before it writes a byte, so that no partial frame is ever written.</summary>
internal static class PartFrames
{
    // The parts were held to the pool's limits when they were read; a span bounds them here.
    private static readonly RespLimits Limits = new(int.MaxValue, int.MaxValue, RespLimits.MostDepth);

    /// <summary>
    /// What every merge begins with: false if there is no part or one is not whole, true if a part is an error and was written as the answer,
    /// null if the parts are to be merged.
    /// </summary>
    internal static bool? Settle<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (!AreWhole(parts))
        {
            return false;
        }

        return TryForwardError(parts, output) ? true : null;
    }

    /// <summary>True if there are parts and each is exactly one frame.</summary>
    internal static bool AreWhole<TParts>(TParts parts)
        where TParts : IReplyParts, allows ref struct
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (!IsWhole(parts[i]))
            {
                return false;
            }
        }

        return parts.Count > 0;
    }

    /// <summary>True if the bytes are exactly one frame.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> frame) => !frame.IsEmpty && ValueLength(frame) == frame.Length;

    /// <summary>Bytes of the value that <paramref name="bytes"/> begin with, its attributes included; 0 if it is not all there.</summary>
    internal static int ValueLength(ReadOnlySpan<byte> bytes)
    {
        var scanner = default(RespFrameScanner);
        return scanner.Scan(bytes, Limits, out var length) == ScanStatus.Complete ? length : 0;
    }

    /// <summary>Writes the first part that is an error, if one is: it is then the whole answer.</summary>
    internal static bool TryForwardError<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        for (var i = 0; i < parts.Count; i++)
        {
            var reader = new RespReader(parts[i]);
            if (reader.TryReadNext() && reader.IsError)
            {
                output.Write(parts[i]);
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a header and gives what follows it; false for anything but an aggregate that is not null.</summary>
    internal static bool TryReadAggregate(ReadOnlySpan<byte> frame, out RespType type, out long children, out ReadOnlySpan<byte> body)
    {
        var reader = new RespReader(frame);
        var isAggregate = reader.TryReadNext() && reader.IsAggregate && !reader.IsNull;
        type = reader.Type;
        children = reader.ChildCount;
        body = frame[^reader.Remaining..];
        return isAggregate;
    }

    /// <summary>Writes <c>*count</c>.</summary>
    internal static void WriteArrayHeader(IBufferWriter<byte> output, long count) =>
        output.Advance(RespWriter.WriteArrayHeader(output.GetSpan(RespWriter.MaxHeader), count));
}
