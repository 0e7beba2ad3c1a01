using System.Globalization;
using System.Text.RegularExpressions;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Relay.Http;

/// <summary>Requests and answers of the HTTP listener as short texts.</summary>
internal static partial class HttpRig
{
    /// <summary>A POST with its length.</summary>
    public static string Post(string path, string body, string headers = "") =>
        string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1~Host: h~{headers}Content-Length: {body.Length}~~{body}");

    /// <summary>What a new client is told, without dates and what is the same in every answer.</summary>
    public static string Fetch(this ProxyRig rig, string requests)
    {
        RigClient client = rig.ConnectHttp();
        client.Say(requests);
        return client.Answers();
    }

    /// <summary>As <see cref="Fetch"/>, with the bytes as they are.</summary>
    public static string FetchRaw(this ProxyRig rig, string requests)
    {
        RigClient client = rig.ConnectHttp();
        Assert.True(client.TrySend(System.Text.Encoding.Latin1.GetBytes(requests)));
        rig.Settle();
        return client.Answers();
    }

    /// <summary>The answers that have come: <c>status [headers that matter] body</c> each, between bars.</summary>
    public static string Answers(this RigClient client)
    {
        string text = Dull().Replace(client.Replies(), "");
        return Start().Replace(text, "|").Replace("~~", " ", StringComparison.Ordinal).TrimStart('|');
    }

    [GeneratedRegex("~(Date|Content-Type|Content-Length|WWW-Authenticate|Allow): [^~]*")]
    private static partial Regex Dull();

    [GeneratedRegex(@"HTTP/1\.1 ")]
    private static partial Regex Start();
}
