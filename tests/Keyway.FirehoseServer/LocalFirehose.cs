using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keyway.FirehoseServer;

/// <summary>A server on loopback that takes what Amazon Data Firehose takes, refuses what it refuses, and fails as it is told.</summary>
public sealed class LocalFirehose : IAsyncDisposable
{
    private const string Target = "Firehose_20150804.";

    private readonly FirehoseServerOptions _options;
    private readonly WebApplication _app;
    private readonly SignatureCheck _signatures;
    private readonly Quota _quota;
    private long _calls;
    private long _refused;
    private long _clockTicks;

    private LocalFirehose(FirehoseServerOptions options, WebApplication app)
    {
        _options = options;
        _app = app;
        _signatures = new SignatureCheck(Keys, options.Region, "firehose");
        _quota = new Quota(options);
        Ledger = new Ledger(options.LedgerFile, options.CountOnly);
        Faults = new FaultScript(options.Rates, options.Seed);
        Faults.Add(options.Script);
        Keys.Add(options.AccessKey, options.SecretKey);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What it accepted.</summary>
    public Ledger Ledger { get; }

    /// <summary>What goes wrong.</summary>
    public FaultScript Faults { get; }

    /// <summary>Who may call.</summary>
    public KeyBook Keys { get; } = new();

    /// <summary>Calls so far, whatever became of them.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Calls answered with an error of the service's own: signature, limits, streams.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Clock
    {
        get => new(Volatile.Read(ref _clockTicks));
        set => Volatile.Write(ref _clockTicks, value.Ticks);
    }

    /// <summary>Starts one.</summary>
    public static async Task<LocalFirehose> StartAsync(FirehoseServerOptions? options = null)
    {
        options ??= new FirehoseServerOptions();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, options.Port, listen =>
            {
                if (options.Certificate is not null)
                {
                    listen.UseHttps(options.Certificate);
                }
            });
            kestrel.Limits.MaxRequestBodySize = 32 * 1024 * 1024;
        });
        WebApplication app = builder.Build();
        LocalFirehose server = new(options, app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Ledger.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        byte[] body = await ReadAsync(context.Request);
        if (context.Request.Path.StartsWithSegments("/_admin", out PathString command))
        {
            await AdminApi.AnswerAsync(this, context, command.ToString(), body);
            return;
        }

        long call = Interlocked.Increment(ref _calls);
        DateTimeOffset now = DateTimeOffset.UtcNow + Clock;
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        context.Response.Headers.Date = now.ToString("R");
        Fault fault = Faults.Next();
        if (fault.Kind is FaultKind.ResetBefore)
        {
            context.Abort();
            return;
        }

        try
        {
            _signatures.Verify(context.Request, body, now);
            if (await Gateway.AnswersAsync(fault, context))
            {
                return;
            }

            await Gateway.SendAsync(fault, context, Put(context.Request, body, fault, call, now));
        }
        catch (ServiceException e)
        {
            Interlocked.Increment(ref _refused);
            await Gateway.SendAsync(context, e);
        }
    }

    private JsonObject Put(HttpRequest request, byte[] body, Fault fault, long call, DateTimeOffset now)
    {
        string target = request.Headers["X-Amz-Target"].ToString();
        bool isBatch = target == Target + "PutRecordBatch";
        if ((!isBatch && target != Target + "PutRecord") || request.Method != "POST")
        {
            throw new ServiceException("UnknownOperationException", "");
        }

        if (request.ContentType != "application/x-amz-json-1.1")
        {
            throw new ServiceException("SerializationException", "The content type is not application/x-amz-json-1.1.");
        }

        PutRequest put = PutRequest.Read(body, isBatch, _options);
        int count = put.Records.Count;
        bool isPartial = fault.Kind is FaultKind.Slow or FaultKind.Fail;
        bool[] fails = isPartial ? Faults.Choose(count, fault.Value) : new bool[count];
        int within = _quota.Take(put.Stream, put.Records, now);
        Array.Fill(fails, true, within, count - within);
        Ledger.Add(put.Stream, call, put.Records.Where((_, i) => !fails[i]));
        if (!isBatch)
        {
            return fails[0]
                ? throw new ServiceException("ServiceUnavailableException", "Slow down.", 503)
                : new JsonObject { ["RecordId"] = CallId(), ["Encrypted"] = false };
        }

        string callId = CallId();
        return new JsonObject
        {
            ["FailedPutCount"] = fails.Count(static failed => failed),
            ["Encrypted"] = false,
            ["RequestResponses"] = new JsonArray([.. fails.Select((failed, i) => Entry(failed, i < within && fault.Kind is FaultKind.Fail, $"{callId}{i}"))]),
        };
    }

    private static JsonObject Entry(bool failed, bool isInternal, string id) => (failed, isInternal) switch
    {
        (false, _) => new JsonObject { ["RecordId"] = id },
        (true, true) => new JsonObject { ["ErrorCode"] = "InternalFailure", ["ErrorMessage"] = "Internal service failure." },
        (true, false) => new JsonObject { ["ErrorCode"] = "ServiceUnavailableException", ["ErrorMessage"] = "Slow down." },
    };

    // The service's ids of records are 220 characters.
    private static string CallId() => string.Concat(Enumerable.Repeat(Guid.NewGuid().ToString("N"), 7));

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength is not { } length)
        {
            using MemoryStream stream = new();
            await request.Body.CopyToAsync(stream);
            return stream.ToArray();
        }

        byte[] body = GC.AllocateUninitializedArray<byte>((int)length);
        await request.Body.ReadExactlyAsync(body);
        return body;
    }
}
