using System.Globalization;
using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Reads what SendMessageBatch answers: the entries that are in the queue and those that are not, by their ids.</summary>
internal static class SqsAnswer
{
    /// <summary>Reads it.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="count">How many entries were sent; their ids are 0 to one less.</param>
    /// <returns>The failed ones; null if the answer is not one to so many.</returns>
    public static List<FailedRecord>? Read(ReadOnlySpan<byte> body, int count)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var answered = new bool[count];
            foreach (var entry in Entries(document.RootElement, "Successful"))
            {
                answered[IdOf(entry)] = true;
            }

            List<FailedRecord> failed = [];
            foreach (var entry in Entries(document.RootElement, "Failed"))
            {
                var index = IdOf(entry);
                answered[index] = true;
                failed.Add(Failed(index, Text(entry, "Code"), Text(entry, "Message"), entry.TryGetProperty("SenderFault", out var fault) && fault.ValueKind is JsonValueKind.True));
            }

            return Array.TrueForAll(answered, static known => known) ? failed : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static FailedRecord Failed(int index, string code, string message, bool isSenderFault)
    {
        var failed = FailedEntries.Record(index, AwsError.NameOf(code), message);

        // Throttling and keys that cannot be used count as the sender's faults too, but are not the record's.
        var isKnown = AwsErrorTable.KindOf(400, AwsError.NameOf(code), message) is AwsErrorKind.Throttled or AwsErrorKind.Passing;
        return failed with { IsRefused = isSenderFault && !isKnown && !code.StartsWith("KMS", StringComparison.OrdinalIgnoreCase) };
    }

    private static JsonElement.ArrayEnumerator Entries(JsonElement root, string list) =>
        root.TryGetProperty(list, out var entries) && entries.ValueKind is JsonValueKind.Array ? entries.EnumerateArray() : default;

    private static int IdOf(JsonElement entry) => int.Parse(entry.GetProperty("Id").GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(JsonElement entry, string member) => entry.TryGetProperty(member, out var value) ? value.GetString() ?? "" : "";
}
