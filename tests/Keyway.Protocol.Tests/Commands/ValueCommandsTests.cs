using System.Text;
using Keyway.Protocol.Commands;

namespace Keyway.Protocol.Tests.Commands;

public sealed class ValueCommandsTests
{
    [Fact]
    public void EveryRow_NamesACommand_WithValuesSomewhere()
    {
        foreach (string[] row in CommandTables.Rows("value-commands.tsv"))
        {
            CommandInfo? command = CommandTable.BuiltIn.Resolve(Encoding.ASCII.GetBytes(row[0]), default);

            Assert.NotNull(command);
            Assert.True(command.RepliesValues || !command.ValueArguments.IsNone, row[0]);
            Assert.True(command.ValueArguments.First is 0 || command.ValueArguments.First > command.FirstKey, row[0]);
        }
    }

    [Theory]
    [InlineData("set", "2")]
    [InlineData("setex", "3")]
    [InlineData("mset", "2,4,6")]
    [InlineData("hset", "3,5,7")]
    [InlineData("append", "")]
    [InlineData("get", "")]
    public void ValueArguments_AreThese(string name, string expected)
    {
        ValueArguments values = CommandTable.BuiltIn.Resolve(Encoding.ASCII.GetBytes(name), default)!.ValueArguments;

        Assert.Equal(expected, string.Join(',', Enumerable.Range(0, 8).Where(values.Contains)));
    }

    [Theory]
    [InlineData("get", true)]
    [InlineData("exec", true)]
    [InlineData("setex", false)]
    [InlineData("getrange", false)]
    [InlineData("dump", false)]
    public void RepliesValues_OnlyWhereTheyAreWhole(string name, bool expected) =>
        Assert.Equal(expected, CommandTable.BuiltIn.Resolve(Encoding.ASCII.GetBytes(name), default)!.RepliesValues);
}
