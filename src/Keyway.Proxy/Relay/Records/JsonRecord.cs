using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Keyway.Proxy.Relay.Records;

/// <summary>A record made of a JSON object: keys sorted by their bytes at every level, the last of several the same, and numbers with the digits that they came with.</summary>
internal static class JsonRecord
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Writes <c>{"ts":1,"data":{...}}</c>; false if the text is no JSON object in UTF-8.</summary>
    /// <param name="text">Where; what it has of this record is without meaning if this is false.</param>
    /// <param name="json">The object.</param>
    /// <param name="time">The record's time, in milliseconds since 1970.</param>
    internal static bool TryWrite(RecordText text, ReadOnlySpan<byte> json, long time)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        try
        {
            Utf8JsonReader reader = new(json, Options);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (reader.Read() || document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            text.Write("{\"ts\":"u8);
            text.WriteNumber(time);
            if (document.RootElement.GetPropertyCount() > 0)
            {
                text.Write(",\"data\":"u8);
                Write(text, document.RootElement);
            }

            text.Write((byte)'}');
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: an escape for half of a surrogate pair, which is no character.
            return false;
        }
    }

    private static void Write(RecordText text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, element);
                break;
            case JsonValueKind.Array:
                text.Write((byte)'[');
                bool isFirst = true;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (!isFirst)
                    {
                        text.Write((byte)',');
                    }

                    isFirst = false;
                    Write(text, item);
                }

                text.Write((byte)']');
                break;
            case JsonValueKind.String:
                ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
                JsonText.WriteString(text, raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(element.GetString()!) : raw);
                break;
            default:
                text.Write(JsonMarshal.GetRawUtf8Value(element));
                break;
        }
    }

    private static void WriteObject(RecordText text, JsonElement element)
    {
        int count = element.GetPropertyCount();
        byte[][] names = new byte[count][];
        JsonElement[] values = new JsonElement[count];
        int[] order = new int[count];
        int at = 0;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(property);
            names[at] = raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(property.Name) : raw.ToArray();
            values[at] = property.Value;
            order[at] = at++;
        }

        Array.Sort(order, (left, right) =>
        {
            int byName = names[left].AsSpan().SequenceCompareTo(names[right]);
            return byName == 0 ? left.CompareTo(right) : byName;
        });
        text.Write((byte)'{');
        bool isFirst = true;
        for (int i = 0; i < count; i++)
        {
            if (i + 1 < count && names[order[i]].AsSpan().SequenceEqual(names[order[i + 1]]))
            {
                continue;
            }

            if (!isFirst)
            {
                text.Write((byte)',');
            }

            isFirst = false;
            JsonText.WriteString(text, names[order[i]]);
            text.Write((byte)':');
            Write(text, values[order[i]]);
        }

        text.Write((byte)'}');
    }
}
