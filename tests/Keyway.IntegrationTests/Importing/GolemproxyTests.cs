using Keyway.Testing;

namespace Keyway.IntegrationTests.Importing;

/// <summary>golemproxy's file in front of real servers, run as it is and rewritten.</summary>
public sealed class GolemproxyTests : IDisposable
{
    private readonly MemcachedProcess[] _servers = [MemcachedProcess.Start(), MemcachedProcess.Start()];
    // Keys that differ in their last bytes only would be on one server: fnv1a_64 hardly spreads them.
    private static readonly string[] Keys = [.. Enumerable.Range(0, 50).Select(static number => $"{number}:key")];

    private readonly int _ketama = FreePorts.Next();
    private readonly int _modula = FreePorts.Next();

    private string File => $"""
        images:
          listen: 127.0.0.1:{_ketama}
          hash: fnv1a_64
          distribution: ketama
          timeout: 2000
          servers:
            - {_servers[0].Address}:1 first
            - {_servers[1].Address}:1 second
        pages:
          listen: 127.0.0.1:{_modula}
          hash: fnv1a_64
          distribution: modula
          servers:
            - {_servers[0].Address}:1
            - {_servers[1].Address}:1

        """;

    public void Dispose() => Array.ForEach(_servers, static server => server.Dispose());

    [Fact]
    public void Run_GolemproxysFile_ServesItsPools()
    {
        using var keyway = KeywayProcess.Start(File, "--from", "golemproxy");
        using var images = MemcachedClient.Connect(_ketama);
        using var pages = MemcachedClient.Connect(_modula);

        foreach (var client in new[] { images, pages })
        {
            Assert.All(Keys, key => Assert.Equal("STORED", client.Set(key, key)));
            client.Send($"get {string.Join(' ', Keys)}\r\n");
            var (values, end) = client.ReadValues();
            Assert.Equal("END", end);
            Assert.All(Keys, key => Assert.Equal(key, values[key]));
            Assert.All(_servers, static server => Assert.InRange(TakeItems(server), 1, 49));
        }
    }

    [Fact]
    public async Task Import_GolemproxysFile_PlacesKeysAsItDoesItself()
    {
        using var file = new CommandLine.ConfigFile(File);

        var import = await CommandLine.KeywayRun.Run("import", "--from", "golemproxy", file.Path);
        using var imported = new CommandLine.ConfigFile(import.Output);

        Assert.Equal(0, import.ExitCode);
        foreach (var pool in new[] { "images", "pages" })
        {
            var direct = await CommandLine.KeywayRun.Run(["locate", "-c", file.Path, "--from", "golemproxy", "--pool", pool, .. Keys]);
            var rewritten = await CommandLine.KeywayRun.Run(["locate", "-c", imported.Path, "--pool", pool, .. Keys]);
            Assert.Equal((0, direct.Output), (rewritten.ExitCode, rewritten.Output));
            Assert.Equal(Keys.Length, direct.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    /// <summary>How many of the keys the server has; they are deleted.</summary>
    private static int TakeItems(MemcachedProcess server)
    {
        using var client = server.Connect();
        return Keys.Count(key => client.Call($"delete {key}\r\n") == "DELETED");
    }
}
