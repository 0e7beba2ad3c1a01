using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>An answer that is not 200: read from whatever came, for on the way stand gateways that answer in XML, HTML or nothing.</summary>
/// <param name="Status">HTTP's.</param>
/// <param name="Code">The error's name, without namespace; empty if the answer has none.</param>
/// <param name="Message">What the service says; empty if it says nothing.</param>
internal sealed record AwsError(int Status, string Code, string Message)
{
    // Of a page nobody needs more.
    private const int LongestText = 16 * 1024;

    /// <summary>What it asks for.</summary>
    public AwsErrorKind Kind => AwsErrorTable.KindOf(Status, Code, Message);

    /// <summary>One line for the log. What is said of a signature is left out: it repeats the signed headers, the session token among them.</summary>
    public string Reason
    {
        get
        {
            var name = Code.Length > 0 ? $"{Code} ({Status})" : $"HTTP {Status}";
            return Message.Length == 0 || Kind is AwsErrorKind.Signature ? name : OneLine.Of($"{name}: {Message}");
        }
    }

    /// <summary>Reads an answer.</summary>
    public static AwsError Read(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body)
    {
        var code = Header(headers, "x-amzn-ErrorType") ?? "";
        var start = body.TrimStart(" \t\r\n"u8);
        if (start.StartsWith("{"u8))
        {
            return FromJson(status, code, start);
        }

        var text = start[..Math.Min(start.Length, LongestText)];
        var (ofText, message) = text.StartsWith("<"u8) ? FromTags(Encoding.UTF8.GetString(text)) : ("", Encoding.UTF8.GetString(text));
        return new AwsError(status, NameOf(code.Length > 0 ? code : ofText), message.Trim());
    }

    /// <summary>The name in what services write it as: <c>com.amazonaws.sqs#QueueDoesNotExist</c>, <c>ThrottlingException:http://internal.amazon.com/...</c>,
    /// <c>AWS.SimpleQueueService.NonExistentQueue</c>.</summary>
    public static string NameOf(string code)
    {
        var name = code[(code.IndexOf('#', StringComparison.Ordinal) + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        name = colon < 0 ? name : name[..colon];
        return name[(name.LastIndexOf('.') + 1)..].Trim();
    }

    private static AwsError FromJson(int status, string code, ReadOnlySpan<byte> body)
    {
        var message = "";
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isCode = reader.ValueTextEquals("__type"u8) || reader.ValueTextEquals("code"u8);
                var isMessage = reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("Message"u8);
                reader.Read();
                if (reader.TokenType is not JsonTokenType.String)
                {
                    reader.Skip();
                }
                else if (isCode && code.Length == 0)
                {
                    code = reader.GetString()!;
                }
                else if (isMessage)
                {
                    message = reader.GetString()!;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off, or not JSON after all: what was read until here is still true.
        }

        return new AwsError(status, NameOf(code), message);
    }

    private static (string Code, string Message) FromTags(string text)
    {
        var code = Between(text, "<Code>", "</Code>");
        return code.Length > 0 ? (code, Between(text, "<Message>", "</Message>")) : ("", Between(text, "<title>", "</title>"));
    }

    private static string Between(string text, string open, string close)
    {
        var start = text.IndexOf(open, StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : text.IndexOf(close, start, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? "" : text[(start + open.Length)..end];
    }

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
