using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>An announced address and the real one, <c>10.0.0.1:7000=203.0.113.5:17000</c>; both with a port, or both without.</summary>
internal sealed class AddressPairKind : ScalarKind<AddressPair>
{
    public override string Describe() => "`announced=real`, each `host` or `host:port`";

    public override string Format(AddressPair value) => $"{value.Announced}={value.Real}";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[^=]+=[^=]+$" };

    protected override string Remedy(Reading reading) => "write announced=real, as 10.0.0.1=203.0.113.5 or 10.0.0.1:7000=203.0.113.5:17000";

    protected override string? Parse(string text, Reading reading, out AddressPair value)
    {
        string[] sides = text.Split('=');
        value = new AddressPair(sides[0], sides[^1]);
        if (sides.Length != 2)
        {
            return "is not two addresses";
        }

        if (!AddressPair.TrySplit(sides[0], out string host, out int port) || !AddressPair.TrySplit(sides[1], out string realHost, out int realPort))
        {
            return "has an invalid address";
        }

        if ((port == 0) != (realPort == 0))
        {
            return "has a port on one side only";
        }

        value = port == 0 ? new AddressPair(host, realHost) : new AddressPair(ServerConfig.AddressOf(host, port), ServerConfig.AddressOf(realHost, realPort));
        return null;
    }
}
