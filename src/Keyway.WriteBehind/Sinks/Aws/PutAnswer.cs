using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Reads what PutRecordBatch (Firehose) and PutRecords (Kinesis) answer: one entry for each record, in order.</summary>
internal static class PutAnswer
{
    /// <summary>What became of the records.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="list">The name of its list.</param>
    /// <param name="count">How many records were sent.</param>
    /// <returns>Null if the answer is not one to so many records.</returns>
    public static SinkResult? Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> list, int count)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            List<FailedRecord> failed = [];
            var entries = -1;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isList = reader.ValueTextEquals(list);
                reader.Read();
                if (isList && reader.TokenType is JsonTokenType.StartArray)
                {
                    entries = ReadEntries(ref reader, failed);
                }
                else
                {
                    reader.Skip();
                }
            }

            return entries == count ? FailedEntries.Result(failed) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int ReadEntries(ref Utf8JsonReader reader, List<FailedRecord> failed)
    {
        var index = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            string? code = null, message = null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isCode = reader.ValueTextEquals("ErrorCode"u8);
                var isMessage = reader.ValueTextEquals("ErrorMessage"u8);
                reader.Read();
                if (isCode)
                {
                    code = reader.GetString();
                }
                else if (isMessage)
                {
                    message = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }

            if (!string.IsNullOrEmpty(code))
            {
                failed.Add(FailedEntries.Record(index, code, message ?? ""));
            }

            index++;
        }

        return index;
    }
}
