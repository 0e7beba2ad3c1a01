using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay;

/// <summary>Clients as they are in use write to a relay, and what they wrote is in its files.</summary>
public sealed class RelayClientTests
{
    [Theory]
    [InlineData("/usr/bin/python3", "relay.py", "py")]
    [InlineData("php", "relay.php", "php")]
    [InlineData("node", "relay.js", "io")]
    public void Library_WritesRecords(string program, string script, string prefix)
    {
        using RelayRig rig = new("disk");

        Run(program, Path.Combine(AppContext.BaseDirectory, "Relay", "Scripts", script), $"{rig.Port}", RelayRig.Password);

        string[] records = rig.Records(10);
        Assert.Contains($$$"""{"ts":0,"data":{"{{{prefix}}}-set":["a","b"]}}""", records);
        Assert.Contains($$$$"""{"ts":0,"data":{"{{{{prefix}}}}-hash":{"a":"2","b":"1"}}}""", records);
        Assert.Contains($$$"""{"ts":0,"data":{"{{{prefix}}}-stream":[{"f":"v"}]}}""", records);
        Assert.Contains($$$"""{"{{{prefix}}}":"raw"}""", records);
        Assert.Contains(records, record => record.StartsWith($$$"""{"ts":0,"data":{"{{{prefix}}}-multi":"1",""", StringComparison.Ordinal));
        Assert.Equal(0, rig.Keyway.Stop());
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("fsync")]
    public void RedisCli_WritesRecords_WhichTheEndDelivers(string acknowledge)
    {
        using RelayRig rig = new(acknowledge);

        Assert.Equal("OK", Cli(rig, "SET", "k", "v"));
        Assert.Equal("2", Cli(rig, "SADD", "s", "a", "b"));
        Assert.Contains("role:master", Cli(rig, "INFO"), StringComparison.Ordinal);
        Assert.Contains("wrong number of arguments", Cli(rig, "SET", "k"), StringComparison.Ordinal);

        Assert.Equal(0, rig.Keyway.Stop());
        Assert.Equal(["""{"ts":0,"data":{"k":"v"}}""", """{"ts":0,"data":{"s":["a","b"]}}"""], rig.Records(2).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Curl_PostsRecords()
    {
        using RelayRig rig = new("disk");
        string large = Path.Combine(Path.GetTempPath(), $"keyway-{Guid.NewGuid():N}.ndjson");
        try
        {
            File.WriteAllLines(large, Enumerable.Range(0, 20_000).Select(static i => $"{{\"n\":{i},\"a\":\"{new string('x', 100)}\"}}"));

            Assert.Equal("{\"status\": \"success\"}", Curl(rig, "/ping"));
            Assert.Equal("{\"status\": \"success\"}", Curl(rig, "/firehose", "-d", "{\"b\":1,\"a\":12345678901234567890}"));
            Assert.Equal("{\"status\": \"invalid_json\"}", Curl(rig, "/firehose", "-d", "[]"));
            Assert.Equal("{\"status\": \"success\"}", Curl(rig, "/firehose-raw", "-d", "as it is"));
            Assert.Equal("{\"status\": \"unauthorized\"}", Tool.Run("curl", "-s", "-d", "{}", $"http://127.0.0.1:{rig.HttpPort}/firehose"));

            // More than a megabyte: curl asks whether to go on. Once with its length, once in chunks.
            Assert.Equal("{\"status\": \"success\", \"records\": 20000}", Curl(rig, "/firehose-batch", "--data-binary", "@" + large));
            Assert.Equal("{\"status\": \"success\", \"records\": 20000}", Curl(rig, "/firehose-batch", "--data-binary", "@" + large, "-H", "Transfer-Encoding: chunked"));
            Tool.Run("gzip", large);
            large += ".gz";
            Assert.Equal("{\"status\": \"success\", \"records\": 20000}", Curl(rig, "/firehose", "--data-binary", "@" + large, "-H", "Content-Encoding: gzip", "-H", "Content-Type: application/x-ndjson"));
        }
        finally
        {
            File.Delete(large);
        }

        string[] records = rig.Records(60_002);
        Assert.Equal(60_002, records.Length);
        Assert.Contains("""{"ts":0,"data":{"a":12345678901234567890,"b":1}}""", records);
        Assert.Contains("as it is", records);
        Assert.Equal(0, rig.Keyway.Stop());
    }

    [Fact]
    public void Killed_WithDisk_LosesNothingThatWasAnswered()
    {
        using RelayRig rig = new("disk");
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("OK", Cli(rig, "SET", $"k{i}", "v"));
        }

        rig.Keyway.Kill();
        using KeywayProcess next = KeywayProcess.Start(File.ReadAllText(rig.Keyway.ConfigFile));

        string[] records = rig.Records(50);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Contains($$$"""{"ts":0,"data":{"k{{{i}}}":"v"}}""", records));
        Assert.Equal(0, next.Stop());
    }

    private static string Cli(RelayRig rig, params string[] arguments) =>
        Tool.Run("redis-cli", ["--no-auth-warning", "-a", RelayRig.Password, "-p", $"{rig.Port}", .. arguments]);

    private static string Curl(RelayRig rig, string path, params string[] arguments) =>
        Tool.Run("curl", ["-s", "--max-time", "50", "-H", $"Authorization: Bearer {RelayRig.Password}", .. arguments, $"http://127.0.0.1:{rig.HttpPort}{path}"]);

    private static void Run(string program, params string[] arguments)
    {
        string modules = Path.Combine(KeywayProcess.RepositoryRoot(), "artifacts", "clients", "node_modules");
        using ChildProcess process = ChildProcess.Start(program, arguments, environment: new Dictionary<string, string> { ["NODE_PATH"] = modules, ["PYTHONDONTWRITEBYTECODE"] = "1" });
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), process.Log);
        Assert.Equal("all right", process.Log.Trim());
    }
}
