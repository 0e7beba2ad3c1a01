using System.Diagnostics;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Commands;

public sealed class GeneratedTableTests
{
    [Fact]
    public void GeneratedTable_SameServerVersion_IsWhatTheGeneratorMakes()
    {
        using RedisProcess redis = RedisProcess.Start();
        using RespClient client = redis.Connect();
        string root = KeywayProcess.RepositoryRoot();
        string committed = File.ReadAllText(Path.Combine(root, "src/Keyway.Protocol/Commands/redis-commands.tsv"));
        string ofTable = WordAfter(committed, "from redis-server ");
        string ofServer = WordAfter(client.Call("INFO", "server").Text!, "redis_version:");
        Assert.SkipUnless(ofTable == ofServer, $"The table was made from redis-server {ofTable}; this machine has {ofServer}, which may say something else.");

        using Process generator = Process.Start(new ProcessStartInfo("python3", [Path.Combine(root, "eng/generate-commands"), "--output", "-"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string made = generator.StandardOutput.ReadToEnd();
        generator.WaitForExit();

        Assert.Equal(0, generator.ExitCode);
        Assert.Equal(committed, made);
    }

    private static string WordAfter(string text, string marker) => text[(text.IndexOf(marker) + marker.Length)..].Split(' ', '\r', '\n')[0];
}
