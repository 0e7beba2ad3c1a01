using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Keyway.Protocol.Tests.Hashing;

/// <summary>What was measured on nutcracker 0.5.0 (Debian, x86-64): the files in Vectors/.</summary>
internal static class VectorFile
{
    public static JsonElement Placement { get; } = Parse("nutcracker-placement.json");

    public static JsonElement Ejected { get; } = Parse("nutcracker-ejected.json");

    public static IReadOnlyList<JsonElement> Hashes { get; } =
        [.. Text("nutcracker-hashes.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>The enum member of a configuration name: <c>fnv1a_64</c> is <c>Fnv1a64</c>.</summary>
    public static TEnum Named<TEnum>(string name)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Single(value => value.ToString().Replace("_", "").Equals(name.Replace("_", ""), StringComparison.OrdinalIgnoreCase));

    /// <summary>A server line's label and weight, by nutcracker's rules.</summary>
    public static RingServer Server(string line)
    {
        var space = line.LastIndexOf(' ');
        var address = space < 0 ? line : line[..space];
        var colon = address.LastIndexOf(':');
        var weight = int.Parse(address[(colon + 1)..], CultureInfo.InvariantCulture);
        return new RingServer(space < 0 ? DefaultLabel(address[..colon]) : line[(space + 1)..], weight);
    }

    private static string DefaultLabel(string address)
    {
        if (address.StartsWith('/'))
        {
            return address + ":";
        }

        const string libmemcachedPort = ":11211";
        return address.EndsWith(libmemcachedPort, StringComparison.Ordinal) ? address[..^libmemcachedPort.Length] : address;
    }

    private static JsonElement Parse(string name) => JsonElement.Parse(Text(name));

    private static string Text(string name)
    {
        using var stream = typeof(VectorFile).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException("Not embedded.", name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
