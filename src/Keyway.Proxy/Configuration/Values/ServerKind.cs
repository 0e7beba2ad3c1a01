using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>
/// A server: <c>host:port:weight [label]</c> or <c>/path:weight [label]</c>, taken apart from the end as nutcracker does. In Keyway's own
/// shape the weight may be left out, an IPv6 address may stand in brackets, and <c>memory</c> is the server inside this process.
/// </summary>
internal sealed class ServerKind : ScalarKind<ServerConfig>
{
    private const string Memory = "memory";

    /// <summary>nutcracker leaves this port out of the label, as libmemcached does.</summary>
    private const int MemcachedPort = 11211;

    public override string Describe() => "`host:port[:weight] [label]`, `/path[:weight] [label]` or `memory[:weight] [label]`";

    public override string Format(ServerConfig value) => value.Text;

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override string Remedy(Reading reading) => reading.IsNutcracker
        ? "write \"hostname:port:weight [name]\" or \"/path/unix_socket:weight [name]\", port 1 to 65535, weight at least 1"
        : "write host:port, host:port:weight name, [v6]:port:weight name, /path:weight name or memory";

    protected override string? Parse(string text, Reading reading, out ServerConfig value)
    {
        value = new ServerConfig { Text = text, Label = "" };
        string[] words = text.Split(' ');
        if (words.Length > 2 || words.Any(w => w.Length == 0))
        {
            return "has more than an address and a label of one word";
        }

        string? fault = text[0] switch
        {
            '/' => ParseUnix(words[0], reading, ref value),
            _ when IsMemory(words[0], reading) => ParseMemory(words[0], ref value),
            _ => ParseTcp(words[0], reading, ref value),
        };
        if (words.Length == 2)
        {
            value = value with { Label = words[1] };
        }

        return fault;
    }

    private static bool IsMemory(string address, Reading reading) =>
        !reading.IsNutcracker && (address is Memory || (address.StartsWith("memory:", StringComparison.Ordinal) && address.Count(':') == 1));

    private static string? ParseMemory(string address, ref ServerConfig value)
    {
        value = value with { IsMemory = true, Label = Memory };
        return address is Memory ? null : ParseWeight(address[(Memory.Length + 1)..], ref value);
    }

    private static string? ParseUnix(string address, Reading reading, ref ServerConfig value)
    {
        int colon = address.LastIndexOf(':');
        if (colon < 0 && reading.IsNutcracker)
        {
            return "has no weight";
        }

        string path = colon < 0 ? address : address[..colon];
        if (path.Contains(':', StringComparison.Ordinal))
        {
            return "has a colon in its path";
        }

        if (!UnixPath.Fits(path))
        {
            return "has a path of more than 107 bytes";
        }

        // The colon at the end is nutcracker's: it decides the label's place on the ring.
        value = value with { UnixPath = path, Label = $"{path}:" };
        return colon < 0 ? null : ParseWeight(address[(colon + 1)..], ref value);
    }

    private static string? ParseTcp(string address, Reading reading, ref ServerConfig value)
    {
        int bracket = address.StartsWith('[') ? address.IndexOf("]:", StringComparison.Ordinal) : -1;
        string[] fields = bracket < 0 ? SplitFromEnd(address) : [address[1..bracket], .. address[(bracket + 2)..].Split(':')];
        if (fields.Length is < 2 or > 3 || (fields.Length == 2 && reading.IsNutcracker))
        {
            return fields.Length == 1 && !reading.IsNutcracker ? "has no port" : "is not host:port:weight";
        }

        string host = fields[0];
        bool isHost = host.Contains(':', StringComparison.Ordinal) || bracket >= 0
            ? IPAddress.TryParse(host, out IPAddress? literal) && literal.AddressFamily == AddressFamily.InterNetworkV6
            : host.Length > 0;
        if (!isHost)
        {
            return "has an invalid host";
        }

        if (!ushort.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            return "has an invalid port";
        }

        string label = port == MemcachedPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        value = value with { Host = host, Port = port, Label = label };
        return fields.Length == 2 ? null : ParseWeight(fields[2], ref value);
    }

    /// <summary>Weight after the last colon, port before it; what is left is the host, which may be an IPv6 address.</summary>
    private static string[] SplitFromEnd(string address)
    {
        string[] fields = address.Split(':');
        return fields.Length <= 3 ? fields : [string.Join(':', fields[..^2]), fields[^2], fields[^1]];
    }

    private static string? ParseWeight(string text, ref ServerConfig value)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int weight))
        {
            return "has an invalid weight";
        }

        value = value with { Weight = weight };
        return weight > 0 ? null : "has a zero weight";
    }
}
