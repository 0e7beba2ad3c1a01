using System.Reflection;
using Keyway.WriteBehind.Sinks.Http;

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
            handler.Proxy = HttpProxy.Of(proxy);
        }

        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
        return client;
    }
}
