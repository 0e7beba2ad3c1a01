using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>
/// Reads what PutRecordBatch (Firehose) and PutRecords (Kinesis) answer: one entry for each record, in order, with the id (Firehose) or sequence number (Kinesis) of
/// one that was accepted, or an error.
/// </summary>
internal static class PutAnswer
{
    // A record whose fate is not said goes again: twice is better than never.
    private const string NotSaid = "neither an id nor an error in the answer";

    /// <summary>What became of the records.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="list">The name of its list.</param>
    /// <param name="id">The member that an accepted record's entry has.</param>
    /// <param name="count">How many records were sent.</param>
    /// <returns>Null if the answer is not one to so many records.</returns>
    public static SinkResult? Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> list, ReadOnlySpan<byte> id, int count)
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
                    entries = ReadEntries(ref reader, id, failed);
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

    private static int ReadEntries(ref Utf8JsonReader reader, ReadOnlySpan<byte> id, List<FailedRecord> failed)
    {
        var index = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            string? code = null, message = null, given = null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isCode = reader.ValueTextEquals("ErrorCode"u8);
                var isMessage = reader.ValueTextEquals("ErrorMessage"u8);
                var isId = reader.ValueTextEquals(id);
                reader.Read();
                if (isCode)
                {
                    code = reader.GetString();
                }
                else if (isMessage)
                {
                    message = reader.GetString();
                }
                else if (isId)
                {
                    given = reader.GetString();
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
            else if (string.IsNullOrEmpty(given))
            {
                failed.Add(new FailedRecord(index, NotSaid));
            }

            index++;
        }

        return index;
    }
}
