using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Redis;

/// <summary>RESP written to an <see cref="OutputBuffer"/>.</summary>
internal static class RespOutput
{
    internal static void WriteArrayHeader(this OutputBuffer output, int count) =>
        output.Advance(RespWriter.WriteArrayHeader(output.GetSpan(RespWriter.MaxHeader), count));

    internal static void WriteInteger(this OutputBuffer output, long value) =>
        output.Advance(RespWriter.WriteInteger(output.GetSpan(RespWriter.MaxHeader), value));

    /// <summary>A map for RESP3, the same pairs in a flat array for RESP2.</summary>
    internal static void WriteMapHeader(this OutputBuffer output, int pairs, int respVersion) =>
        output.Advance(
            respVersion == 3
                ? RespWriter.WriteMapHeader(output.GetSpan(RespWriter.MaxHeader), pairs)
                : RespWriter.WriteArrayHeader(output.GetSpan(RespWriter.MaxHeader), 2 * pairs));

    internal static void WriteNull(this OutputBuffer output, int respVersion) =>
        output.Write(respVersion == 3 ? RespWriter.Null : RespWriter.NullBulk);

    internal static void WriteBulk(this OutputBuffer output, ReadOnlySpan<byte> value)
    {
        output.Advance(RespWriter.WriteBulkHeader(output.GetSpan(RespWriter.MaxHeader), value.Length));
        output.Write(value);
        output.Write("\r\n"u8);
    }

    /// <summary>Plain text for humans: <c>=15 txt:Some string</c> for RESP3, a bulk string for RESP2.</summary>
    internal static void WriteVerbatim(this OutputBuffer output, ReadOnlySpan<byte> text, int respVersion)
    {
        if (respVersion != 3)
        {
            output.WriteBulk(text);
            return;
        }

        ReadOnlySpan<byte> format = "txt:"u8;
        Span<byte> header = output.GetSpan(RespWriter.MaxHeader);
        int length = RespWriter.WriteBulkHeader(header, format.Length + text.Length);
        header[0] = (byte)RespType.VerbatimString;
        output.Advance(length);
        output.Write(format);
        output.Write(text);
        output.Write("\r\n"u8);
    }

    /// <summary><c>-text</c>; the text begins with its prefix (<c>ERR</c>, <c>NOAUTH</c>...) and has no line breaks.</summary>
    internal static void WriteError(this OutputBuffer output, string text)
    {
        output.Write("-"u8);
        output.Write(Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" ")));
        output.Write("\r\n"u8);
    }

    internal static void WriteRequest(this OutputBuffer output, params ReadOnlySpan<string> arguments)
    {
        output.WriteArrayHeader(arguments.Length);
        foreach (string argument in arguments)
        {
            output.WriteBulk(Encoding.UTF8.GetBytes(argument));
        }
    }
}
