using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Memory;

/// <summary>Writes replies in the version of RESP that the session speaks.</summary>
internal sealed class MemoryReply
{
    // Only set while a session handles input.
    private IBufferWriter<byte> _output = null!;

    public bool IsResp3 { get; set; }

    public void Begin(IBufferWriter<byte> output) => _output = output;

    public void End() => _output = null!;

    public void Ok() => _output.Write("+OK\r\n"u8);

    public void Null() => _output.Write(IsResp3 ? RespWriter.Null : RespWriter.NullBulk);

    public void NullArray() => _output.Write(IsResp3 ? RespWriter.Null : "*-1\r\n"u8);

    public void Simple(ReadOnlySpan<byte> text) => _output.Advance(RespWriter.WriteSimpleString(_output.GetSpan(text.Length + 3), text));

    /// <summary>An error; <paramref name="text"/> begins with its code.</summary>
    public void Error(ReadOnlySpan<byte> text) => _output.Advance(RespWriter.WriteError(_output.GetSpan(text.Length + 3), text));

    /// <summary>An error with text from the client in it: what would end the line becomes a blank, as in Redis.</summary>
    public void Error(string text) => Error(System.Text.Encoding.Latin1.GetBytes(text.Replace('\r', ' ').Replace('\n', ' ')));

    public void Integer(long value) => _output.Advance(RespWriter.WriteInteger(_output.GetSpan(RespWriter.MaxHeader), value));

    public void Bulk(ReadOnlySpan<byte> value) =>
        _output.Advance(RespWriter.WriteBulk(_output.GetSpan(RespWriter.MaxHeader + 2 + value.Length), value));

    public void BulkOrNull(byte[]? value)
    {
        if (value is null)
        {
            Null();
        }
        else
        {
            Bulk(value);
        }
    }

    public void Number(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        Bulk(digits[..length]);
    }

    public void Array(int count) => _output.Advance(RespWriter.WriteArrayHeader(_output.GetSpan(RespWriter.MaxHeader), count));

    /// <summary>A map of <paramref name="pairs"/>; in RESP2 an array of twice as many.</summary>
    public void Map(int pairs)
    {
        Span<byte> target = _output.GetSpan(RespWriter.MaxHeader);
        _output.Advance(IsResp3 ? RespWriter.WriteMapHeader(target, pairs) : RespWriter.WriteArrayHeader(target, pairs * 2));
    }

    /// <summary>A set; in RESP2 an array.</summary>
    public void Set(int count)
    {
        Span<byte> target = _output.GetSpan(RespWriter.MaxHeader);
        _output.Advance(IsResp3 ? RespWriter.WriteSetHeader(target, count) : RespWriter.WriteArrayHeader(target, count));
    }

    /// <summary>Text for people: a verbatim string; in RESP2 a bulk.</summary>
    public void Verbatim(ReadOnlySpan<byte> text)
    {
        if (!IsResp3)
        {
            Bulk(text);
            return;
        }

        _output.Write(System.Text.Encoding.ASCII.GetBytes($"={text.Length + 4}\r\ntxt:"));
        _output.Write(text);
        _output.Write("\r\n"u8);
    }
}
