using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Memcached;

/// <summary>The memcached protocol written to an <see cref="OutputBuffer"/>.</summary>
internal static class MemcachedOutput
{
    private const int MostDigits = 20;

    /// <summary>The bytes and CRLF.</summary>
    internal static void WriteLine(this OutputBuffer output, ReadOnlySpan<byte> line)
    {
        output.Write(line);
        output.Write("\r\n"u8);
    }

    /// <summary>The error line for a failure of Keyway's own.</summary>
    internal static void WriteFailure(this OutputBuffer output, Failure failure)
    {
        output.Write("SERVER_ERROR "u8);
        output.WriteLine(Encoding.UTF8.GetBytes(failure.Text));
    }

    /// <summary>A number in decimal digits.</summary>
    internal static void WriteNumber<T>(this OutputBuffer output, T number)
        where T : struct, IUtf8SpanFormattable
    {
        Span<byte> digits = stackalloc byte[MostDigits];
        _ = number.TryFormat(digits, out int length, default, null);
        output.Write(digits[..length]);
    }

    /// <summary>A request for its server: as the client wrote it where that is plain, else in the one form that every server understands alike.</summary>
    /// <param name="output">The server's.</param>
    /// <param name="frame">The request with its data; of a large one what has come.</param>
    /// <param name="request">What the frame is.</param>
    internal static void WriteRequest(this OutputBuffer output, ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        if (request.IsPlain)
        {
            output.Write(frame);
            return;
        }

        WriteOddLine(output, frame[..request.LineLength], request);
        output.Write(frame[request.DataStart..]);
        if (request.Command!.Action == MemcachedAction.MetaArithmetic && MemcachedAnswers.Of(request) == MemcachedAnswer.UntilNoOp)
        {
            output.Write("mn\r\n"u8);
        }
    }

    /// <summary>The name, and the exptime where keys come behind one.</summary>
    internal static void WriteGetHead(this OutputBuffer output, ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        output.Write(request.Words.Get(line, 0));
        if (request.Command!.Action == MemcachedAction.GetAndTouch)
        {
            output.WriteField(request.Exptime);
        }
    }

    private static void WriteOddLine(OutputBuffer output, ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        output.WriteGetHead(line, request);
        if (request.Command!.FirstKey == 1)
        {
            output.WriteWord(request, line, 1);
        }

        switch (request.Command.Action)
        {
            case MemcachedAction.Store:
                output.WriteField(request.ItemFlags);
                output.WriteField(request.Exptime);
                output.WriteField(request.DataLength);
                if (request.Command.LeastTokens == 6)
                {
                    output.WriteField(request.Number);
                }

                break;
            case MemcachedAction.Arithmetic:
                output.WriteField(request.Number);
                break;
            case MemcachedAction.Touch:
                output.WriteField(request.Exptime);
                break;
            case MemcachedAction.Delete:
                break;
            case MemcachedAction.MetaSet:
                output.WriteField(request.DataLength);
                output.WriteWords(request, line, 3);
                break;
            default:
                output.WriteWords(request, line, 2);
                break;
        }

        output.Write("\r\n"u8);
    }

    /// <summary>The words from <paramref name="first"/> on, but for a <c>q</c> that Keyway heeds itself.</summary>
    private static void WriteWords(this OutputBuffer output, MemcachedRequest request, ReadOnlySpan<byte> line, int first)
    {
        bool isQuietHere = request.QuietWord > 0 && MemcachedAnswers.Of(request) != MemcachedAnswer.UntilNoOp;
        for (int i = first; i < request.Words.Count; i++)
        {
            if (!isQuietHere || i != request.QuietWord)
            {
                output.WriteWord(request, line, i);
            }
        }
    }

    /// <summary>A blank and the word.</summary>
    internal static void WriteWord(this OutputBuffer output, MemcachedRequest request, ReadOnlySpan<byte> line, int word)
    {
        // A word behind the first has a blank before it.
        output.Write(line.Slice(request.Words.Start(word) - 1, request.Words.Length(word) + 1));
    }

    private static void WriteField<T>(this OutputBuffer output, T number)
        where T : struct, IUtf8SpanFormattable
    {
        output.Write(" "u8);
        output.WriteNumber(number);
    }
}
