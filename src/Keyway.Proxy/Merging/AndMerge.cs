using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>Arrays of 0 and 1 to one that has 1 where all of them have it: SCRIPT EXISTS.</summary>
public static class AndMerge
{
    private const int ElementLength = 4;

    /// <summary>Where an element <c>:1</c> has its digit.</summary>
    private const int DigitOffset = 1;

    /// <summary>Writes the array, or the first error among the parts.</summary>
    /// <returns>False, and nothing is written, if a part is no array of 0 and 1 of the first one's length, or not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        // Built in the output's own free space, which counts only once it is advanced over.
        var elements = Math.Min(CountOf(parts[0]), parts[0].Length / ElementLength);
        var target = output.GetSpan(RespWriter.MaxHeader + (elements * ElementLength));
        var header = RespWriter.WriteArrayHeader(target, elements);
        var body = target.Slice(header, elements * ElementLength);
        for (var i = 0; i < elements; i++)
        {
            ":1\r\n"u8.CopyTo(body[(i * ElementLength)..]);
        }

        for (var i = 0; i < parts.Count; i++)
        {
            if (!TryAnd(parts[i], elements, body))
            {
                return false;
            }
        }

        output.Advance(header + body.Length);
        return true;
    }

    private static int CountOf(ReadOnlySpan<byte> frame) =>
        PartFrames.TryReadAggregate(frame, out _, out var children, out _) ? (int)Math.Min(children, int.MaxValue) : 0;

    private static bool TryAnd(ReadOnlySpan<byte> frame, int elements, Span<byte> body)
    {
        var reader = new RespReader(frame);
        if (!reader.TryReadNext() || reader.Type != RespType.Array || reader.IsNull || reader.ChildCount != elements)
        {
            return false;
        }

        for (var i = 0; i < elements; i++)
        {
            if (!reader.TryReadNext() || reader.Type != RespType.Integer || !reader.TryGetInt64(out var value) || value is not (0 or 1))
            {
                return false;
            }

            if (value == 0)
            {
                body[(i * ElementLength) + DigitOffset] = (byte)'0';
            }
        }

        return true;
    }
}
