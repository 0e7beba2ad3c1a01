using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>
/// An address to listen on: <c>host:port</c>, split at the last colon as nutcracker does, <c>[v6]:port</c>, or <c>/path [octal mode]</c>. In
/// Keyway's own shape also <c>port</c> or <c>:port</c> for loopback, <c>*:port</c> for every address, and port 0.
/// </summary>
internal sealed class ListenKind : ScalarKind<ListenConfig>
{
    public override string Describe() => "`host:port`, `port` (loopback), `*:port` or `/path/socket [octal mode]`";

    public override string Format(ListenConfig value) => value.Text;

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "integer"), ["minimum"] = 0, ["maximum"] = ushort.MaxValue };

    protected override string Remedy(Reading reading) => reading.IsNutcracker
        ? "write host:port with a port from 1 to 65535, or /path/socket and an octal mode"
        : "write host:port, [v6]:port, a port for loopback, or /path/socket and an octal mode";

    protected override string? Parse(string text, Reading reading, out ListenConfig value)
    {
        value = new ListenConfig { Text = text };
        return text.StartsWith('/') ? ParseUnix(text, reading, ref value) : ParseTcp(text, reading, ref value);
    }

    private static string? ParseUnix(string text, Reading reading, ref ListenConfig value)
    {
        int blank = text.LastIndexOf(' ');
        string path = blank < 0 ? text : text[..blank];
        if (!UnixPath.Fits(path))
        {
            return "has a path of more than 107 bytes";
        }

        UnixFileMode? mode = null;
        if (blank >= 0)
        {
            mode = ParseMode(text[(blank + 1)..]);
            if (mode is null && !reading.IsNutcracker)
            {
                return "has no octal mode after the path";
            }
        }

        value = value with { UnixPath = path, UnixMode = mode };
        return null;
    }

    /// <summary>Null for what is no octal mode; nutcracker then leaves the mode alone.</summary>
    private static UnixFileMode? ParseMode(string octal)
    {
        if (octal.Length is 0 or > 4 || !octal.All(c => c is >= '0' and <= '7'))
        {
            return null;
        }

        int mode = octal.Aggregate(0, (sum, digit) => (sum * 8) + (digit - '0'));
        return mode is > 0 and <= 0x1ff ? (UnixFileMode)mode : null;
    }

    private static string? ParseTcp(string text, Reading reading, ref ListenConfig value)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        if (colon < 0 && !text.All(char.IsAsciiDigit))
        {
            return "has no port";
        }

        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || (port == 0 && reading.IsNutcracker))
        {
            return "has an invalid port";
        }

        if (host is "" or "*" && reading.IsNutcracker)
        {
            return "has no host";
        }

        if (AddressOf(host, reading) is not { } address)
        {
            return "has a host that does not resolve";
        }

        value = value with { EndPoint = new IPEndPoint(address, port) };
        return null;
    }

    private static IPAddress? AddressOf(string host, Reading reading) => host switch
    {
        "" or "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(host, out IPAddress? literal) ? literal : reading.Surroundings.Resolve(host),
    };
}
