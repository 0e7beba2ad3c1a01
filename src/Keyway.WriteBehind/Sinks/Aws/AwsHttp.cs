using System.Net;
using System.Reflection;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Makes the HTTP client of a sink.</summary>
internal static class AwsHttp
{
    private static readonly string UserAgent = "Keyway/" + (typeof(AwsHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");

    /// <summary>A client that neither follows, keeps, nor repeats anything by itself.</summary>
    public static HttpClient Create(AwsOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = Math.Max(options.Connections, 1),
            ConnectTimeout = TimeSpan.FromSeconds(10),

            // AWS's addresses change; its load balancers close what idles for a minute.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(40),
        };
        if (options.Proxy is { } proxy)
        {
            // The address goes into messages of exceptions, the password must not.
            var address = new UriBuilder(proxy) { UserName = "", Password = "" }.Uri;
            handler.Proxy = new WebProxy(address) { Credentials = CredentialsIn(proxy) };
        }

        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
        return client;
    }

    private static NetworkCredential? CredentialsIn(Uri proxy)
    {
        var parts = proxy.UserInfo.Split(':', 2);
        return parts is [var user, var password] ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : null;
    }
}
