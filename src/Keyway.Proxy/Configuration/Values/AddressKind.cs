using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>The address of a service: <c>http://</c>, <c>https://</c> or <c>redis://</c>. It may hold a password, and is not shown then.</summary>
internal sealed class AddressKind : ScalarKind<Uri?>
{
    private static readonly string[] Schemes = ["http", "https", "redis"];

    public override string Describe() => "`http://`, `https://` or `redis://` and `host[:port][/path]`";

    public override string Format(Uri? value) => value?.ToString() ?? "none";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^(https?|redis)://" };

    protected override string Remedy(Reading reading) => "write an address such as https://host/path, or redis://host:6379";

    protected override string Show(string text) => text.Contains('@') ? "" : base.Show(text);

    protected override string? Parse(string text, Reading reading, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && Schemes.Contains(value.Scheme) && value.Host.Length > 0 ? null : "is not an address";
}
