using System.Text;
using System.Text.Json;

namespace Keyway.FirehoseServer;

/// <summary>A PutRecordBatch, or a PutRecord, checked as the service checks it.</summary>
internal sealed record PutRequest(string Stream, IReadOnlyList<byte[]> Records)
{
    private const int MostRecords = 500;
    private const int LongestRecord = 1_024_000;
    private const int MostBytes = 4 * 1024 * 1024;

    /// <exception cref="ServiceException">The service would not take it.</exception>
    public static PutRequest Read(ReadOnlyMemory<byte> body, bool isBatch, FirehoseServerOptions options)
    {
        PutRequest request = Parse(body, isBatch);
        int count = request.Records.Count;
        if (count is 0 or > MostRecords)
        {
            throw Invalid("records", $"Member must have length {(count == 0 ? "greater than or equal to 1" : "less than or equal to 500")}");
        }

        for (int i = 0; i < count; i++)
        {
            if (request.Records[i].Length > LongestRecord)
            {
                throw Invalid(isBatch ? $"records.{i + 1}.member.data" : "record.data", "Member must have length less than or equal to 1024000");
            }
        }

        // AWS does not say whether it counts before Base64 or after: the narrower of the two.
        if (isBatch && body.Length > MostBytes)
        {
            throw new ServiceException("InvalidArgumentException", "Records size exceeds 4 MB limit");
        }

        if (options.Streams is { } streams && !streams.Contains(request.Stream, StringComparer.Ordinal))
        {
            throw new ServiceException("ResourceNotFoundException", $"Firehose {request.Stream} under account 123456789012 not found.");
        }

        if (options.Poison is { } poison && request.Records.Any(record => record.AsSpan().IndexOf(Encoding.UTF8.GetBytes(poison)) >= 0))
        {
            throw new ServiceException("InvalidArgumentException", "A record is not valid.");
        }

        return request;
    }

    private static PutRequest Parse(ReadOnlyMemory<byte> body, bool isBatch)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            string stream = root.GetProperty("DeliveryStreamName").GetString() ?? "";
            if (stream.Length is 0 or > 64 || !stream.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            {
                throw Invalid("deliveryStreamName", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
            }

            return new PutRequest(stream, isBatch
                ? [.. root.GetProperty(nameof(Records)).EnumerateArray().Select(static record => record.GetProperty("Data").GetBytesFromBase64())]
                : [root.GetProperty("Record").GetProperty("Data").GetBytesFromBase64()]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ServiceException("SerializationException", e.Message);
        }
    }

    private static ServiceException Invalid(string member, string constraint) =>
        new("ValidationException", $"1 validation error detected: Value '...' at '{member}' failed to satisfy constraint: {constraint}");
}
