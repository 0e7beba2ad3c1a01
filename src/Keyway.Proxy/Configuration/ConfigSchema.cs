using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Keyway.Proxy.Configuration.Keys;

namespace Keyway.Proxy.Configuration;

/// <summary>The JSON schema by which editors complete and check Keyway's own shape of file, made from the table of keys.</summary>
public static class ConfigSchema
{
    /// <summary>The schema's text, indented, with a line end at its end.</summary>
    public static string Text()
    {
        JsonObject schema = RootKeys.Section.Schema();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Keyway configuration");

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" }))
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
