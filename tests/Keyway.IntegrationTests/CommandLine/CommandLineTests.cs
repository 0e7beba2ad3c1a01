using System.Globalization;
using System.Text.RegularExpressions;
using Keyway.Testing;

namespace Keyway.IntegrationTests.CommandLine;

public sealed class CommandLineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Version_Asked_IsThatOfTheBuild()
    {
        KeywayRun run = await KeywayRun.Run("--version");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", run.Output);
    }

    [Theory]
    [InlineData("keyway locate -c keyway.yml user:1000", "--help")]
    [InlineData("keyway run -c keyway.yml", "run", "--help")]
    [InlineData("keyway check -c keyway.yml", "check", "--help")]
    [InlineData("--eject alpha user:1000", "locate", "--help")]
    public async Task Help_OfEachCommand_HasExamples(string example, params string[] args)
    {
        KeywayRun run = await KeywayRun.Run(args);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:", run.Output);
        Assert.Contains(example, run.Output);
    }

    [Theory]
    [InlineData("'chek'", "chek")]
    [InlineData("--config", "check")]
    [InlineData("--threads takes a number from 0 to 64", "run", "--threads", "65")]
    [InlineData("--threads takes a number from 0 to 64", "run", "--threads", "-1")]
    [InlineData("--threads takes a number from 0 to 64", "run", "--threads", "two")]
    [InlineData("--threads", "run", "--threads")]
    [InlineData("--nothing", "run", "--nothing")]
    public async Task Usage_Wrong_EndsWith2(string message, params string[] args)
    {
        KeywayRun run = await KeywayRun.Run(args);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error);
        Assert.Contains("keyway --help", run.Error);
    }

    [Fact]
    public async Task Check_GoodFile_SaysOkInOneLine()
    {
        using var file = new ConfigFile("pools: {a: {listen: 6380, servers: [memory], password: \"${KEYWAY_TEST_PASSWORD}\"}}");

        KeywayRun run = await KeywayRun.Run("check", "-c", file.Path);

        Assert.Equal(new KeywayRun(0, $"{file.Path}: ok (1 pool, 1 server)\n", ""), run);
    }

    [Fact]
    public async Task Check_BadFile_ListsEveryMistakeAndEndsWith2()
    {
        using var file = new ConfigFile("threds: 1\npools:\n  a:\n    listen: 0.0.0.0:6380\n    servers: [memory]\n");

        KeywayRun run = await KeywayRun.Run("check", "-c", file.Path);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(
            $"""
            {file.Path}:1:1: 'threds' is unknown; did you mean 'threads'?
            {file.Path}:4:13: 0.0.0.0:6380 is open to the network without a password; set password, listen on 127.0.0.1 or a unix socket, or say 'open: true' if everybody there may use it

            """,
            run.Error);
    }

    [Fact]
    public async Task Check_NutcrackerFileWithDoubts_WarnsAndSaysOk()
    {
        using var file = new ConfigFile("a:\n  redis: true\n  listen: 0.0.0.0:22121\n  servers:\n   - h:6379:1\n");

        KeywayRun run = await KeywayRun.Run("check", "-c", file.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith($"warning: {file.Path}:3:11: 0.0.0.0:22121 is open to the network", run.Error);
    }

    [Fact]
    public async Task Run_BadFile_StartsNothing()
    {
        KeywayRun run = await KeywayRun.Run("run", "-c", "no-such-file.yml");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("no-such-file.yml: cannot be read (no such file)", run.Error);
    }

    [Theory]
    [InlineData("commands")]
    [InlineData("schema")]
    [InlineData("locate", "-c", "{0}", "k")]
    [InlineData("check", "-c", "{0}")]
    public async Task Output_ThatCannotBeWritten_EndsWith1AndAReason(params string[] args)
    {
        using var file = new ConfigFile("pools: {a: {listen: 6380, servers: [memory]}}");
        string command = string.Join(' ', args.Select(arg => string.Format(CultureInfo.InvariantCulture, arg, file.Path)));

        KeywayRun run = await KeywayRun.RunShell($"{KeywayRun.Executable} {command} > /dev/full");

        Assert.Equal(new KeywayRun(1, "", "keyway: the output cannot be written: No space left on device\n"), run);
    }

    [Fact]
    public async Task Run_WithFewDescriptors_SaysSo()
    {
        KeywayRun run = await KeywayRun.RunShell($"ulimit -n 70; exec {KeywayRun.Executable}");

        Assert.Equal(new KeywayRun(1, "", "keyway: 70 open files are too few (ulimit -n); allow at least 128, and one more for each client\n"), run);
    }

    [Fact]
    public async Task Run_WithStandardOutputClosed_SaysWhatToDo()
    {
        using var file = new ConfigFile("pools: {a: {listen: 0, servers: [memory]}}");

        KeywayRun run = await KeywayRun.RunShell($"exec {KeywayRun.Executable} run -c {file.Path} >&-");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(" ERROR standard output cannot be written (", run.Error);
        Assert.EndsWith("); send it to /dev/null if nobody reads it\n", run.Error);
    }

    [Fact]
    public void Run_HungUpWithoutATerminal_GoesOn()
    {
        using var file = new ConfigFile("pools: {a: {listen: 0, servers: [memory]}}");
        using ChildProcess keyway = ChildProcess.Start("/bin/sh", ["-c", $"exec env --default-signal=HUP {KeywayRun.Executable} run -c {file.Path} < /dev/null"]);
        keyway.WaitUntil(() => keyway.Log.Contains("ready a=", StringComparison.Ordinal), Limit, "ready");

        keyway.HangUp();
        keyway.WaitUntil(() => keyway.Log.Contains("SIGHUP is ignored: the configuration is read at the start only", StringComparison.Ordinal), Limit, "log");

        Assert.Equal(0, keyway.Terminate(Limit));
    }

    [Fact]
    public void Run_WithoutASentinelThatAnswers_TellsClientsSo()
    {
        using RedisProcess noSentinel = RedisProcess.Start();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(
            $"pools: {{cache: {{listen: {port}, topology: sentinel, master: mymaster, retry_budget: 2500ms, servers: [127.0.0.1:{noSentinel.Port}]}}}}");
        using RespClient client = RespClient.Connect(port);

        Assert.Equal("ERR no Sentinel of pool cache has named the master mymaster yet", client.Call("GET", "k").Text);

        // The Sentinel, which is none, was asked every second, and was told of once.
        Assert.Single(Regex.Matches(keyway.Log, "unknown command 'SENTINEL'"));
    }

    [Fact]
    public async Task Schema_Printed_IsJson()
    {
        KeywayRun run = await KeywayRun.Run("schema");

        using var json = System.Text.Json.JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("properties").TryGetProperty("pools", out _));
    }
}
