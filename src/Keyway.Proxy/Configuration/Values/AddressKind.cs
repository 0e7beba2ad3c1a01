using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>The address of a service: <c>http://</c>, <c>https://</c>, <c>redis://</c> or <c>unix://</c>. It may hold a password, and is not shown then.</summary>
internal sealed class AddressKind : ScalarKind<Uri?>
{
    private static readonly string[] Schemes = ["http", "https", "redis", "unix"];

    public override string Describe() => "`http://`, `https://` or `redis://` and `host[:port][/path]`, or `unix:///path`";

    public override string Format(Uri? value) => value?.ToString() ?? "none";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^(https?|redis|unix)://" };

    protected override string Remedy(Reading reading) => "write an address such as https://host/path, or redis://host:6379";

    protected override string Show(string text) => text.Contains('@') ? "" : base.Show(text);

    protected override string? Parse(string text, Reading reading, out Uri? value) =>
        !Uri.TryCreate(text, UriKind.Absolute, out value) ? "is not an address"
        : value.Scheme == "rediss" ? "is a Redis server with TLS, which Keyway does not speak to Redis servers"
        : Schemes.Contains(value.Scheme) && (value.Host.Length > 0 || value.Scheme == "unix") ? null
        : "is not an address";
}
