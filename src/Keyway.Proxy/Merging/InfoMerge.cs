using System.Buffers;
using System.Text;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Merging.Info;

namespace Keyway.Proxy.Merging;

/// <summary>
/// The INFO texts of several servers to one that reads as of one large server: counts and sizes add up, averages are weighted, facts are the
/// first server's, ratios and percentages are left out. Allocates: INFO is asked a few times a minute.
/// </summary>
public static class InfoMerge
{
    /// <summary>Three letters and a colon before the text of a verbatim string.</summary>
    private const int VerbatimFormatLength = 4;

    /// <summary>Writes a bulk string, or a verbatim one if the first part is one, or the first error among the parts.</summary>
    /// <param name="parts">The replies to INFO.</param>
    /// <param name="ownSection">The proxy's own section, title line and CRLF ends included; may be empty.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>False, and nothing is written, if a part is no string or not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, ReadOnlySpan<byte> ownSection, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        if (parts.Count == 1)
        {
            // Nothing is to be added up: the server's text stays as it is.
            return TryReadText(parts[0], out var only, out var itsFormat) && Write(only, ownSection, itsFormat, output);
        }

        var merged = new InfoText();
        for (var i = 0; i < parts.Count; i++)
        {
            if (!TryReadText(parts[i], out var text, out _))
            {
                return false;
            }

            // Latin-1 gives every byte back as it was, whatever a server's paths and names are written in.
            merged.Add(Encoding.Latin1.GetString(text));
        }

        TryReadText(parts[0], out _, out var format);
        return Write(Encoding.Latin1.GetBytes(merged.ToString()), ownSection, format, output);
    }

    private static bool TryReadText(ReadOnlySpan<byte> part, out ReadOnlySpan<byte> text, out ReadOnlySpan<byte> format)
    {
        var reader = new RespReader(part);
        var isText = reader.TryReadNext() && !reader.IsNull && reader.Type is RespType.BulkString or RespType.VerbatimString;
        var formatLength = reader.Type == RespType.VerbatimString ? VerbatimFormatLength : 0;
        if (!isText || reader.Bytes.Length < formatLength)
        {
            text = default;
            format = default;
            return false;
        }

        format = reader.Bytes[..formatLength];
        text = reader.Bytes[formatLength..];
        return true;
    }

    private static bool Write(ReadOnlySpan<byte> text, ReadOnlySpan<byte> ownSection, ReadOnlySpan<byte> format, IBufferWriter<byte> output)
    {
        var separator = ownSection.IsEmpty || text.IsEmpty ? [] : "\r\n"u8;
        var header = output.GetSpan(RespWriter.MaxHeader);
        var headerLength = RespWriter.WriteBulkHeader(header, format.Length + text.Length + separator.Length + ownSection.Length);
        header[0] = (byte)(format.IsEmpty ? RespType.BulkString : RespType.VerbatimString);
        output.Advance(headerLength);
        output.Write(format);
        output.Write(text);
        output.Write(separator);
        output.Write(ownSection);
        output.Write("\r\n"u8);
        return true;
    }
}
