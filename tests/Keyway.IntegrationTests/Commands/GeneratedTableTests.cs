using System.Diagnostics;

namespace Keyway.IntegrationTests.Commands;

public sealed class GeneratedTableTests(LoneRedis redis) : IClassFixture<LoneRedis>
{
    [Fact]
    public void GeneratedTable_SameServerVersion_IsWhatTheGeneratorMakes()
    {
        string root = Root();
        string committed = File.ReadAllText(Path.Combine(root, "src/Keyway.Protocol/Commands/redis-commands.tsv"));
        string ofTable = WordAfter(committed, "from redis-server ");
        string ofServer = WordAfter(redis.Ask("INFO", "server"), "redis_version:");
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

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Keyway.slnx")))
        {
            directory = directory.Parent;
        }

        return directory!.FullName;
    }

    private static string WordAfter(string text, string marker) => text[(text.IndexOf(marker) + marker.Length)..].Split(' ', '\r', '\n')[0];
}
