using System.Net;

namespace Keyway.WriteBehind.Sinks.Http;

/// <summary>A proxy on the way to a sink.</summary>
internal static class HttpProxy
{
    /// <summary>The proxy of an address, which may hold its user and password: apart, since messages of exceptions show the address.</summary>
    internal static WebProxy Of(Uri proxy)
    {
        string[] parts = proxy.UserInfo.Split(':', 2);
        return new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri)
        {
            Credentials = parts is [var user, var password] ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : null,
        };
    }
}
