namespace Keyway.IntegrationTests.CommandLine;

public sealed class CommandsTests
{
    [Fact]
    public async Task Commands_WithoutName_ListsAll()
    {
        KeywayRun run = await KeywayRun.Run("commands");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"\nMGET +key +split\n", run.Output);
        Assert.Matches(@"\nCONFIG GET +\w+ +\w+\n", run.Output);
    }

    [Fact]
    public async Task Commands_WithName_IsTheTextOfTheDocumentation()
    {
        KeywayRun run = await KeywayRun.Run("commands", "mget");

        Assert.Equal(
            """
            MGET
              one server      to the server of its keys
              several servers keys are grouped by server, each server gets its part
              replies         in the order of the keys
              arguments       at least 2, the name included
              sent again      yes, it changes nothing

            """,
            run.Output);
    }

    [Theory]
    [InlineData("CONFIG GET", "config", "get")]
    [InlineData("CONFIG GET", "Config Get")]
    [InlineData("answer", "shutdown")]
    [InlineData("subcommands", "config")]
    public async Task Commands_WithName_Tells(string expected, params string[] name)
    {
        KeywayRun run = await KeywayRun.Run(["commands", .. name]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, run.Output);
    }

    [Fact]
    public async Task Commands_OfConfig_AreNotCalledRefused()
    {
        KeywayRun run = await KeywayRun.Run("commands", "config", "get");

        Assert.Contains("  one server      to the servers, if the pool's key 'config' allows it\n", run.Output);
        Assert.DoesNotContain("refused", run.Output);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("get", "x")]
    [InlineData("config", "nothing")]
    [InlineData("")]
    public async Task Commands_UnknownName_EndsWith2(params string[] name) =>
        Assert.Equal(2, (await KeywayRun.Run(["commands", .. name])).ExitCode);
}
