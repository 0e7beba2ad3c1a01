using Keyway.FirehoseServer;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>Keeps the local Firehose honest: clients that know nothing of it find in it what they know of the service.</summary>
public sealed class StrangerTests
{
    private const int Checks = 13;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("node", "firehose_sdk.js")]
    [InlineData("/usr/bin/python3", "firehose_boto3.py")]
    public async Task Client_OfAws_FindsTheService(string program, string script)
    {
        await using LocalFirehose server = await LocalFirehose.StartAsync(new FirehoseServerOptions { Streams = ["events"] });
        Dictionary<string, string> environment = new() { ["PYTHONDONTWRITEBYTECODE"] = "1", ["AWS_EC2_METADATA_DISABLED"] = "true" };

        using ChildProcess process = ChildProcess.Start(program, [Scripts.PathOf(script), Scripts.Modules, server.Address.ToString()], environment: environment);

        Assert.True(process.WaitForExit(Limit), process.Log);
        string[] lines = process.Log.Split('\n');
        Assert.True(lines.Count(static line => line.StartsWith("ok ", StringComparison.Ordinal)) == Checks, process.Log);
        Assert.Equal(3 + 1 + 500 + 3, server.Ledger.Count);
        Assert.Equal(0, server.Faults.Left);
    }

    [Fact]
    public async Task Server_AsAProcess_KeepsItsLedger()
    {
        int port = FreePorts.Next();
        string program = Path.Combine(AppContext.BaseDirectory, "Keyway.FirehoseServer.dll");
        using ChildProcess process = ChildProcess.Start("dotnet", [program, "--port", $"{port}", "--region", "eu-north-1", "--script", "slow:0.1,ok"]);
        process.WaitUntil(() => process.Log.Contains("ready http://127.0.0.1:", StringComparison.Ordinal), Limit, "ready");
        await using FirehoseRig rig = await FirehoseRig.StartAsync(
            with: options => options with { Endpoint = new Uri($"http://127.0.0.1:{port}/"), Region = "eu-north-1" });

        int failed = (await rig.SendAsync(FirehoseRig.Lines(10))).Failed.Count;
        await rig.SendAsync(FirehoseRig.Lines(5));

        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}/_admin/") };
        string stats = await client.GetStringAsync("stats", TestContext.Current.CancellationToken);
        string ledger = await client.GetStringAsync("ledger", TestContext.Current.CancellationToken);
        Assert.InRange(failed, 1, 9);
        Assert.Contains($"\"calls\":2,\"refused\":0,\"records\":{15 - failed},", stats, StringComparison.Ordinal);
        Assert.Equal(15 - failed, ledger.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, process.Terminate(Limit));
        Assert.Contains($"2 calls, {15 - failed} records", process.Log, StringComparison.Ordinal);
    }
}
