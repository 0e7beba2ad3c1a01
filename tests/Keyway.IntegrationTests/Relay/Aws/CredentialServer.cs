using Keyway.FirehoseServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>What gives credentials on AWS's machines: a container's endpoint, instance metadata (version 2 only), the token service. Each answer is a new key, known to the Firehose.</summary>
internal sealed class CredentialServer : IAsyncDisposable
{
    private const string MetadataToken = "metadata-token";

    private readonly WebApplication _app;
    private readonly KeyBook _keys;
    private int _issued;

    private CredentialServer(WebApplication app, KeyBook keys)
    {
        _app = app;
        _keys = keys;
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>How long the keys last.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(6);

    public int Issued => Volatile.Read(ref _issued);

    public static async Task<CredentialServer> StartAsync(KeyBook keys)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        CredentialServer server = new(app, keys);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>The name of the key issued as number <paramref name="number"/>, from 1.</summary>
    public static string Key(int number) => $"ASIA{number}";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        bool hasToken = context.Request.Headers["X-aws-ec2-metadata-token"] == MetadataToken;
        string what = $"{context.Request.Method} {context.Request.Path.ToString().TrimEnd('/')}";
        string? answer = what switch
        {
            "GET /container" when context.Request.Headers.Authorization == "container-token" => Issue(),
            "PUT /latest/api/token" => MetadataToken,
            "GET /latest/meta-data/iam/security-credentials" when hasToken => "the-role",
            "GET /latest/meta-data/iam/security-credentials/the-role" when hasToken => Issue(),
            "GET /latest/dynamic/instance-identity/document" when hasToken => """{"region":"ap-south-1"}""",
            "POST " => IssueAsXml(),
            _ => null,
        };
        context.Response.StatusCode = answer is null ? 401 : 200;
        context.Response.ContentType = answer?[0] == '<' ? "text/xml" : "application/json";
        return context.Response.WriteAsync(answer ?? "");
    }

    private int Next()
    {
        int number = Interlocked.Increment(ref _issued);
        _keys.Add(Key(number), $"secret{number}", $"token{number}");
        return number;
    }

    private string Issue()
    {
        int number = Next();
        return $$"""
            {"Code":"Success","Type":"AWS-HMAC","LastUpdated":"2026-01-01T00:00:00Z","AccessKeyId":"{{Key(number)}}","SecretAccessKey":"secret{{number}}",
             "Token":"token{{number}}","Expiration":"{{DateTime.UtcNow + Lifetime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}
            """;
    }

    private string IssueAsXml()
    {
        int number = Next();
        return $"""
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
            <AssumedRoleUser><AssumedRoleId>A:b</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/r/b</Arn></AssumedRoleUser>
            <Credentials><AccessKeyId>{Key(number)}</AccessKeyId><SecretAccessKey>secret{number}</SecretAccessKey><SessionToken>token{number}</SessionToken>
            <Expiration>{DateTime.UtcNow + Lifetime:yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration></Credentials>
            </AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>
            """;
    }
}
