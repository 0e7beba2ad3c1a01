using System.Text;
using Amazon.Runtime;
using Keyway.FirehoseServer;
using Keyway.WriteBehind.Sinks;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>The sink against a server that checks what it sends and fails as told.</summary>
public sealed class FirehoseSinkTests
{
    [Fact]
    public async Task Batch_OfAnyBytes_ArrivesAsItIs()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        SinkRecord[] records = [new(bytes, 1, default), new("a\n"u8.ToArray(), 2, default), new(Array.Empty<byte>(), 3, default)];

        SinkResult result = await rig.SendAsync(records);

        Assert.Equal(SinkVerdict.Accepted, result.Verdict);
        Assert.Empty(result.Failed);
        Assert.Null(result.Reason);
        Assert.Equal(records.Select(static record => record.Data.ToArray()), rig.Server.Ledger.Records.Select(static record => record.Data));
        Assert.All(rig.Server.Ledger.Records, static record => Assert.Equal("events", record.Stream));
    }

    [Fact]
    public async Task Batch_AtEveryLimit_IsAccepted()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync();
        SinkLimits limits = rig.Sink.Limits;
        SinkRecord longest = new(new byte[limits.RecordBytes], 1, default);
        SinkRecord[] most = FirehoseRig.Lines(limits.Records);

        // Three of the longest, and one that fills what is left of the call.
        long left = limits.Bytes - (3 * limits.EncodedLength(limits.RecordBytes));
        int fill = (int)(left / 4 * 3);
        while (limits.EncodedLength(fill) > left)
        {
            fill--;
        }

        SinkResult fullest = await rig.SendAsync(longest, longest, longest, new SinkRecord(new byte[fill], 2, default));
        SinkResult many = await rig.SendAsync(most);

        Assert.Equal(SinkVerdict.Accepted, fullest.Verdict);
        Assert.Equal(SinkVerdict.Accepted, many.Verdict);
        Assert.Equal(4 + most.Length, rig.Server.Ledger.Count);
    }

    [Fact]
    public async Task Batch_BeyondALimit_IsRefused()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync();
        SinkLimits limits = rig.Sink.Limits;
        SinkRecord longest = new(new byte[limits.RecordBytes], 1, default);

        Assert.Equal(SinkVerdict.Refused, (await rig.SendAsync(FirehoseRig.Lines(limits.Records + 1))).Verdict);
        Assert.Equal(SinkVerdict.Refused, (await rig.SendAsync(longest, longest, longest, longest)).Verdict);
        SinkResult tooLong = await rig.SendAsync(new SinkRecord(new byte[limits.RecordBytes + 1], 1, default));

        Assert.Equal(SinkVerdict.Refused, tooLong.Verdict);
        Assert.Contains("less than or equal to 1024000", tooLong.Reason, StringComparison.Ordinal);
        Assert.Equal(0, rig.Server.Ledger.Count);
    }

    [Fact]
    public async Task PoisonRecord_RefusesItsBatch()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { Poison = "\"n\":3" });

        Assert.Equal(SinkVerdict.Refused, (await rig.SendAsync(FirehoseRig.Lines(5))).Verdict);
        Assert.Equal(SinkVerdict.Accepted, (await rig.SendAsync(FirehoseRig.Lines(3))).Verdict);
    }

    [Theory]
    [InlineData("slow:0.5", true)]
    [InlineData("fail:0.5", false)]
    public async Task PartialFailure_NamesExactlyWhatFailed(string fault, bool isThrottled)
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { Script = fault });
        SinkRecord[] records = FirehoseRig.Lines(100);

        SinkResult result = await rig.SendAsync(records);

        Assert.Equal(SinkVerdict.Accepted, result.Verdict);
        Assert.Equal(isThrottled, result.IsThrottled);
        Assert.NotEmpty(result.Failed);
        Assert.All(result.Failed, failed => Assert.Equal((isThrottled, false), (failed.IsThrottled, failed.IsRefused)));
        int[] expected = [.. Enumerable.Range(0, 100).Except(result.Failed.Select(static failed => failed.Index))];
        Assert.Equal(expected.Select(static i => $"{{\"n\":{i}}}\n"), rig.Server.Ledger.Records.Select(static record => record.Text));
    }

    [Fact]
    public async Task Quota_IsThrottlingOfWhatIsBeyond()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { RecordsPerSecond = 10 });

        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(50));

        Assert.True(result.IsThrottled);
        Assert.Equal(Enumerable.Range(10, 40), result.Failed.Select(static failed => failed.Index));
        Assert.Equal("ServiceUnavailableException: Slow down.", result.Reason);
    }

    [Theory]
    [InlineData("unavailable", SinkVerdict.Retry, true, "ServiceUnavailableException (503): The service is unavailable. Back off and retry the operation.")]
    [InlineData("internal", SinkVerdict.Retry, false, "InternalFailure (500): The request processing has failed because of an unknown error.")]
    [InlineData("throttle", SinkVerdict.Retry, true, "ThrottlingException (400): Rate exceeded")]
    [InlineData("html", SinkVerdict.Retry, false, "HTTP 502: 502 Bad Gateway")]
    [InlineData("empty", SinkVerdict.Retry, false, "HTTP 500")]
    [InlineData("xml", SinkVerdict.Parked, false, "AccessDenied (403): Access Denied")]
    [InlineData("not-found", SinkVerdict.Parked, false, "ResourceNotFoundException (400): Firehose gone under account 123456789012 not found.")]
    [InlineData("expired", SinkVerdict.Parked, false, "ExpiredTokenException (400): The security token included in the request is expired")]
    public async Task Error_OfTheCall_IsWhatItAsksFor(string fault, SinkVerdict verdict, bool isThrottled, string reason)
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { Script = fault });

        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(3));

        Assert.Equal((verdict, isThrottled, reason), (result.Verdict, result.IsThrottled, result.Reason));
        Assert.Empty(result.Failed);
        Assert.Equal(SinkVerdict.Accepted, (await rig.SendAsync(FirehoseRig.Lines(3))).Verdict);
    }

    [Fact]
    public async Task TooManyRequests_SaysHowLongToWait()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { Script = "too-many:7" });

        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(1));

        Assert.True(result.IsThrottled);
        Assert.Equal(TimeSpan.FromSeconds(7), result.RetryAfter);
    }

    [Theory]
    [InlineData("reset-before", 0)]
    [InlineData("reset-after", 3)]
    [InlineData("truncate", 3)]
    [InlineData("garbage", 3)]
    public async Task LostAnswer_IsARetry_WhateverWasAccepted(string fault, int accepted)
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { Script = fault });

        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(3));

        Assert.Equal(SinkVerdict.Retry, result.Verdict);
        Assert.NotEmpty(result.Reason!);
        Assert.Equal(accepted, rig.Server.Ledger.Count);
        Assert.Equal(1, rig.Server.Calls);
    }

    [Fact]
    public async Task SilentService_IsARetryAfterTheTimeout()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(
            new FirehoseServerOptions { Script = "delay:20000" }, static options => options with { Timeout = TimeSpan.FromSeconds(0.5) });

        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(1));

        Assert.Equal((SinkVerdict.Retry, "no answer within 0.5 s"), (result.Verdict, result.Reason));
    }

    [Fact]
    public async Task Stop_EndsACallThatWaits()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { Script = "delay:20000" });
        using CancellationTokenSource stop = new();
        Task<SinkResult> call = rig.Sink.SendAsync(FirehoseRig.Lines(1), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task NobodyListens_IsARetry()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(
            with: static options => options with { Endpoint = new Uri($"http://127.0.0.1:{Testing.FreePorts.Next()}/") });

        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(1));

        Assert.Equal(SinkVerdict.Retry, result.Verdict);
        Assert.Contains("refused", result.Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task ClockOff_IsLearntFromTheAnswer(int seconds)
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync();
        rig.Server.Clock = TimeSpan.FromSeconds(seconds);

        SinkResult first = await rig.SendAsync(FirehoseRig.Lines(1));
        SinkResult second = await rig.SendAsync(FirehoseRig.Lines(1));

        Assert.Equal(SinkVerdict.Retry, first.Verdict);
        Assert.StartsWith("InvalidSignatureException (400); this machine's clock is", first.Reason, StringComparison.Ordinal);
        Assert.Equal(SinkVerdict.Accepted, second.Verdict);
    }

    [Fact]
    public async Task WrongSecret_IsParked_AndTheReasonRepeatsNothingThatWasSigned()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(
            with: static options => options with { Credentials = new SessionAWSCredentials("AKIDLOCAL", "wrong", "secret-token") });

        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(1));

        Assert.Equal((SinkVerdict.Parked, "InvalidSignatureException (400)"), (result.Verdict, result.Reason));
    }

    [Fact]
    public async Task SessionToken_IsSigned()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(
            with: static options => options with { Credentials = new SessionAWSCredentials("AKIDSESSION", "s", "a-token") });
        rig.Server.Keys.Add("AKIDSESSION", "s", "a-token");

        Assert.Equal(SinkVerdict.Accepted, (await rig.SendAsync(FirehoseRig.Lines(1))).Verdict);
    }

    [Fact]
    public async Task Endpoint_WithPathOfItsOwn_IsSignedAsItIsSent()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(
            with: static options => options with { Endpoint = new Uri(options.Endpoint!, "/gateway/a%20b/") });

        Assert.Equal(SinkVerdict.Accepted, (await rig.SendAsync(FirehoseRig.Lines(1))).Verdict);
    }

    [Fact]
    public async Task Proxy_IsAskedInPlaceOfTheService()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(with: static options => options with
        {
            Endpoint = new Uri("http://firehose.example.invalid/"),
            Proxy = new UriBuilder(options.Endpoint!) { UserName = "user", Password = "secret" }.Uri,
        });

        Assert.Equal(SinkVerdict.Accepted, (await rig.SendAsync(FirehoseRig.Lines(1))).Verdict);
    }

    [Fact]
    public async Task ProxyThatRefuses_IsNamedWithoutItsPassword()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync(with: static options => options with
        {
            Endpoint = new Uri("https://firehose.example.invalid/"),
            Proxy = new UriBuilder(options.Endpoint!) { UserName = "user", Password = "secret" }.Uri,
        });

        // The local Firehose knows no CONNECT.
        SinkResult result = await rig.SendAsync(FirehoseRig.Lines(1));

        Assert.Equal(SinkVerdict.Retry, result.Verdict);
        Assert.DoesNotContain("secret", result.Reason, StringComparison.Ordinal);
        Assert.Equal(0, rig.Server.Ledger.Count);
    }

    [Fact]
    public async Task CallsAtTheSameTime_AllArriveOnce()
    {
        await using FirehoseRig rig = await FirehoseRig.StartAsync();

        SinkResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(call => rig.SendAsync(FirehoseRig.Lines(100, call * 100))));

        Assert.All(results, static result => Assert.Same(SinkResult.Ok, result));
        Assert.Equal(2000, rig.Server.Ledger.Records.Select(static record => record.Text).Distinct().Count());
        Assert.Equal(2000, rig.Server.Ledger.Count);
    }

    [Fact]
    public async Task Ledger_OnDisk_HasTheDataWithNothingBetween()
    {
        string file = Path.GetTempFileName();
        try
        {
            await using (FirehoseRig rig = await FirehoseRig.StartAsync(new FirehoseServerOptions { LedgerFile = file }))
            {
                await rig.SendAsync(FirehoseRig.Lines(2));
            }

            Assert.Equal("{\"n\":0}\n{\"n\":1}\n", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
