using Keyway.Protocol.Commands;
using Keyway.Proxy.Commands;

namespace Keyway.Proxy.Tests.Commands;

public sealed class CommandsPageTests
{
    // Set to rewrite the page after a change of the command table.
    private const string RewriteVariable = "KEYWAY_REWRITE_DOCS";

    [Fact]
    public void Markdown_CommittedPage_IsCurrent()
    {
        string path = Path.Combine(Root(), "docs", "commands.md");
        string page = CommandsPage.Markdown(CommandTable.BuiltIn);
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.True(page == File.ReadAllText(path), $"docs/commands.md is not current: run this test with {RewriteVariable}=1 to rewrite it.");
    }

    [Fact]
    public void Markdown_EveryCommand_IsNamed()
    {
        string page = CommandsPage.Markdown(CommandTable.BuiltIn);
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            Assert.Contains(command.DisplayName, page);
        }
    }

    [Fact]
    public void Describe_EveryCommand_HasABlock()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            string? block = CommandsPage.Describe(CommandTable.BuiltIn, command.Name.ToUpperInvariant());

            Assert.StartsWith(command.DisplayName + "\n", block);
            Assert.Equal(block, CommandsPage.Describe(CommandTable.BuiltIn, command.DisplayName.ToLowerInvariant()));
        }
    }

    [Theory]
    [InlineData("no-such")]
    [InlineData("")]
    [InlineData("get key")]
    [InlineData("config no-such")]
    [InlineData("config get key")]
    public void Describe_Unknown_IsNull(string name) => Assert.Null(CommandsPage.Describe(CommandTable.BuiltIn, name));

    [Theory]
    [InlineData("get", "  keys             argument 1\n")]
    [InlineData("mset", "  keys             arguments 1 to the last, every second\n")]
    [InlineData("blpop", "  keys             arguments 1 to the last but 1\n")]
    [InlineData("rename", "  keys             argument 1, argument 2\n")]
    [InlineData("eval", "  keys             as many after argument 2 as it says\n")]
    [InlineData("msetex", "  keys             as many after argument 1 as it says, every second\n")]
    [InlineData("xread", "  keys             the first half of what comes after STREAMS\n")]
    [InlineData("sort", "  keys             argument 1, the argument after STORE\n")]
    [InlineData("lcs", "  keys             arguments 1 to 2\n")]
    [InlineData("ping", "  keys             none\n")]
    [InlineData("mget", "  several servers  each server gets the part with its keys; each value comes at the place of its key\n")]
    [InlineData("set", "  repeat           twice is as good as once, but not with NX, GET, IFEQ, IFNE, IFDEQ, IFDNE\n")]
    [InlineData("shutdown", "  not supported    SHUTDOWN would stop the server")]
    [InlineData("script", "  subcommands      DEBUG, EXISTS, FLUSH, HELP, KILL, LOAD, SHOW\n")]
    public void Describe_Command_SaysWhatMatters(string name, string expected)
    {
        Assert.Contains(expected, CommandsPage.Describe(CommandTable.BuiltIn, name));
    }

    [Fact]
    public void Table_EveryCommand_HasALine()
    {
        string[] lines = CommandsPage.Table(CommandTable.BuiltIn).Split('\n');

        Assert.Contains("GET                          one server       by key               safe", lines);
        Assert.Contains("FLUSHALL                     one server       all servers          not safe", lines);
        Assert.Contains("SHUTDOWN                     not supported    not supported        not safe", lines);
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
}
