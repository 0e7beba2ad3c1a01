using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Relay;

/// <summary>The Firehose-compatible server of the tests, which verifies signatures and counts what it accepts.</summary>
internal sealed class FirehoseProcess : IDisposable
{
    private const string AccessKey = "AKIDBENCH";
    private const string SecretKey = "bench-secret";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private FirehoseProcess(ChildProcess process, int port)
    {
        _process = process;
        Endpoint = $"http://127.0.0.1:{port}/";
    }

    /// <summary>What a client of AWS must have in its environment.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
    };

    /// <summary>The address of the service.</summary>
    public string Endpoint { get; }

    /// <summary>Starts it on given CPUs, as taskset writes them; null for all.</summary>
    public static FirehoseProcess Start(string? cpus, string region, string stream)
    {
        int port = FreePorts.Next();
        string[] command =
        [
            "dotnet", Path.Combine(AppContext.BaseDirectory, "Keyway.FirehoseServer.dll"), "--port", $"{port}", "--region", region, "--stream", stream,
            "--access-key", AccessKey, "--secret-key", SecretKey, "--count-only",
        ];
        ChildProcess process = cpus is null ? ChildProcess.Start(command[0], command[1..]) : ChildProcess.Start("taskset", ["-c", cpus, .. command]);
        process.WaitUntil(() => process.Log.Contains("ready http://", StringComparison.Ordinal), StartLimit, "ready");
        return new FirehoseProcess(process, port);
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
