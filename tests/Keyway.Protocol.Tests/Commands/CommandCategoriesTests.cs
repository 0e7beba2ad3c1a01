using Keyway.Protocol.Commands;

namespace Keyway.Protocol.Tests.Commands;

public sealed class CommandCategoriesTests
{
    [Fact]
    public void Tables_EveryCategory_IsKnown()
    {
        foreach (string table in CommandTables.ServerTables)
        {
            Assert.All(CommandTables.Rows(table), row => Assert.All(row[8].Split(','), name => Assert.NotEqual(CommandCategories.None, CommandCategoryNames.Parse(name))));
        }
    }

    [Theory]
    [InlineData("get", CommandCategories.Read | CommandCategories.String | CommandCategories.Fast)]
    [InlineData("hexpire", CommandCategories.Write | CommandCategories.Hash | CommandCategories.Fast)]
    [InlineData("flushall", CommandCategories.Keyspace | CommandCategories.Write | CommandCategories.Slow | CommandCategories.Dangerous)]
    public void BuiltIn_ACommand_HasTheServersCategories(string name, CommandCategories expected) =>
        Assert.Equal(expected, CommandTable.BuiltIn.Resolve(System.Text.Encoding.ASCII.GetBytes(name), [])!.Categories);

    [Fact]
    public void Of_Flags_IsWhatServersDerive()
    {
        // A server adds others by hand, and does not count scripts that only read among the commands that read.
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            bool isScript = (command.Categories & CommandCategories.Scripting) != 0;
            CommandCategories derived = CommandCategoryNames.Of(isScript ? command.Flags & ~CommandFlags.ReadOnly : command.Flags);
            Assert.True((command.Categories & derived) == derived, command.Name);
        }
    }

    [Theory]
    [InlineData("*7\r\n$5\r\nx.set\r\n:-4\r\n*1\r\n+write\r\n:1\r\n:1\r\n:1\r\n*2\r\n+@write\r\n+@hash\r\n", CommandCategories.Write | CommandCategories.Hash)]
    [InlineData("*6\r\n$5\r\nx.set\r\n:-4\r\n*2\r\n+write\r\n+fast\r\n:1\r\n:1\r\n:1\r\n", CommandCategories.Write | CommandCategories.Fast)]
    public void FromServer_WithOrWithoutThem_HasCategories(string reply, CommandCategories expected) =>
        Assert.Equal(expected, CommandInfo.FromServer(System.Text.Encoding.ASCII.GetBytes(reply))!.Categories);
}
