using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Keyway.IntegrationTests.Relay.Tls;

/// <summary>An HTTPS endpoint on loopback that takes lines.</summary>
internal sealed class SecureLedger : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SecureLedger(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>The lines that it took.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public static async Task<SecureLedger> StartAsync(X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        SecureLedger ledger = new(builder.Build());
        ledger._app.Run(async context =>
        {
            using StreamReader reader = new(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            Array.ForEach(body.Split('\n', StringSplitOptions.RemoveEmptyEntries), ledger.Lines.Enqueue);
        });
        await ledger._app.StartAsync();
        return ledger;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
