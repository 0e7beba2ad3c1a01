using System.Net;
using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A node, or a network of nodes, and its zone: <c>10.1.0.0/16=eu-1a</c>.</summary>
internal sealed class ZonePairKind : ScalarKind<ZonePair>
{
    public override string Describe() => "`address=zone`, the address `host:port`, `host` or a network";

    public override string Format(ZonePair value) => $"{value.Address}={value.Zone}";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[^=]+=[^=]+$" };

    protected override string Remedy(Reading reading) => "write address=zone, as 10.1.0.0/16=eu-1a or node-1.internal=eu-1b";

    protected override string? Parse(string text, Reading reading, out ZonePair value)
    {
        string[] sides = text.Split('=');
        value = new ZonePair(sides[0], sides[^1]);
        if (sides.Length != 2 || sides[1].Length == 0)
        {
            return "is not an address and a zone";
        }

        if (sides[0].Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.TryParse(sides[0], out _) ? null : "has an invalid network";
        }

        if (!AddressPair.TrySplit(sides[0], out string host, out int port))
        {
            return "has an invalid address";
        }

        value = value with { Address = port == 0 ? host : ServerConfig.AddressOf(host, port) };
        return null;
    }
}
