namespace Keyway.IntegrationTests.CommandLine;

public sealed class ImportTests
{
    private const string Relayer = "[[relayer]]\nprotocol = \"redis\"\nlisten = \"tcp://127.0.0.1:6390\"\nurl = \"tcp://127.0.0.1:6379\"\n";

    [Fact]
    public async Task Import_AFile_PrintsWhatCheckAccepts()
    {
        using var file = new ConfigFile("""[{"socket": "/tmp/r.sock", "tcpConnections": ["127.0.0.1:1", "127.0.0.1:2"], "failover": true}]""");

        KeywayRun import = await KeywayRun.Run("import", file.Path);
        using var imported = new ConfigFile(import.Output);
        KeywayRun check = await KeywayRun.Run("check", "-c", imported.Path);
        KeywayRun direct = await KeywayRun.Run("check", "-c", file.Path);
        KeywayRun located = await KeywayRun.Run("locate", "-c", file.Path, "key1", "key2", "bar");

        Assert.Equal((0, ""), (import.ExitCode, import.Error));
        Assert.Contains("distribution: rmux", import.Output);
        Assert.Equal($"{imported.Path}: ok (1 pool, 2 servers)\n", check.Output);
        Assert.Equal($"{file.Path}: ok (1 pool, 2 servers)\n", direct.Output);
        Assert.Equal("key1\t127.0.0.1:1\nkey2\t127.0.0.1:2\nbar\t127.0.0.1:2\n", located.Output);
    }

    [Fact]
    public async Task Import_RmuxsFlags_PrintsTheirConfiguration()
    {
        KeywayRun run = await KeywayRun.Run("import", "--", "-socket", "/tmp/r.sock", "-tcpConnections", "a:1 b:2", "-graphite", "s:1");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("listen: /tmp/r.sock 0666", run.Output);
        Assert.StartsWith("warning: rmux's command line: -graphite is not carried over", run.Error);
    }

    [Fact]
    public async Task Import_WhatIsOnlyPartlyPossible_EndsWith1()
    {
        using var file = new ConfigFile(Relayer + "[[relayer]]\nprotocol = \"http\"\nlisten = \"tcp://:1\"\n");

        KeywayRun import = await KeywayRun.Run("import", file.Path);
        KeywayRun check = await KeywayRun.Run("check", "-c", file.Path);

        Assert.Equal(1, import.ExitCode);
        Assert.Contains("relayer1:", import.Output);
        Assert.StartsWith($"warning: {file.Path}:5:1: the relayer on tcp://:1 (protocol http) is not carried over", import.Error);
        Assert.Equal(2, check.ExitCode);
        Assert.StartsWith($"{file.Path}:5:1: the relayer on tcp://:1 (protocol http) is not carried over", check.Error);
    }

    [Theory]
    [InlineData("--from takes one of nutcracker, golemproxy, rmux, smart-relayer", "--from", "squid", "x")]
    [InlineData("one file at a time", "a", "b")]
    [InlineData("cannot be read (no such file)", "no-such-file")]
    [InlineData("'-sockt' is no flag of rmux", "--", "-sockt", "x")]
    public async Task Import_Wrong_EndsWith2(string message, params string[] args)
    {
        KeywayRun run = await KeywayRun.Run(["import", .. args]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public async Task Rmux_AFlagThatItHasNot_StartsNothing()
    {
        KeywayRun run = await KeywayRun.Run("rmux", "-hst", "localhost");

        Assert.Equal((2, "rmux's command line: '-hst' is no flag of rmux; did you mean '-host'?\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("rmux", "--help")]
    [InlineData("import", "--help")]
    public async Task Help_OfBoth_HasExamples(params string[] args)
    {
        KeywayRun run = await KeywayRun.Run(args);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:", run.Output);
    }
}
