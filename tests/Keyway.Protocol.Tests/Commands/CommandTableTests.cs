using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Commands;

public sealed class CommandTableTests
{
    private static readonly CommandTable Table = CommandTable.BuiltIn;

    [Fact]
    public void TryFind_EveryName_IsFoundInAnyCase()
    {
        foreach (CommandInfo command in Table.Commands)
        {
            foreach (string name in Cases(command.Name))
            {
                Assert.True(Table.TryFind(Bytes(name), out CommandInfo? found), name);
                Assert.Same(command, found);
            }
        }
    }

    [Fact]
    public void FindSubcommand_EveryName_IsFoundInAnyCase()
    {
        foreach (CommandInfo container in Table.Commands)
        {
            foreach (CommandInfo subcommand in container.Subcommands)
            {
                foreach (string name in Cases(subcommand.Name.Split('|')[1]))
                {
                    Assert.Same(subcommand, container.FindSubcommand(Bytes(name)));
                    Assert.Same(subcommand, Table.Resolve(Bytes(container.Name), Bytes(name)));
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("g")]
    [InlineData("ge")]
    [InlineData("gett")]
    [InlineData("get\0")]
    [InlineData("get ")]
    [InlineData("'ET")]
    [InlineData("config|get")]
    [InlineData("georadiusbymember_rooooooo")]
    [InlineData("georadiusbymember_roooooo")]
    [InlineData("georadiusbymember_r")]
    [InlineData("sinterstor\u0065\u0000")]
    public void TryFind_Unknown_IsNotFound(string name)
    {
        Assert.False(Table.TryFind(Bytes(name), out CommandInfo? found));
        Assert.Null(found);
    }

    [Theory]
    [InlineData((byte)'@')]
    [InlineData((byte)'[')]
    [InlineData((byte)'`')]
    [InlineData((byte)'{')]
    [InlineData((byte)('g' | 0x80))]
    [InlineData((byte)('G' | 0x80))]
    [InlineData((byte)0)]
    public void TryFind_NeighboursOfLetters_AreNotTakenForLetters(byte first)
    {
        foreach (CommandInfo command in Table.Commands)
        {
            byte[] name = Bytes(command.Name);
            name[0] = first;

            Assert.False(Table.TryFind(name, out _));
        }
    }

    [Fact]
    public void TryFind_EveryByteChanged_IsNotFoundOrAnotherCommand()
    {
        foreach (CommandInfo command in Table.Commands)
        {
            for (int i = 0; i < command.Name.Length; i++)
            {
                byte[] name = Bytes(command.Name);
                name[i] ^= 0x41;

                Assert.False(Table.TryFind(name, out CommandInfo? found) && found == command);
            }
        }
    }

    [Fact]
    public void Resolve_Container_GivesSubcommandOrNothing()
    {
        Assert.Equal("config|get", Table.Resolve("config"u8, "GET"u8)?.Name);
        Assert.Null(Table.Resolve("config"u8, "no-such"u8));
        Assert.Equal("config", Table.Resolve("config"u8, default)?.Name);
        Assert.Equal("get", Table.Resolve("GET"u8, "key"u8)?.Name);
        Assert.Null(Table.Resolve("no-such"u8, "key"u8));
    }

    [Fact]
    public void Ids_OfAll_AreAnIndex()
    {
        Assert.Equal(Enumerable.Range(0, Table.Count), Table.All.ToArray().Select(command => command.Id).Order());
    }

    [Theory]
    [InlineData("get", 1, 1, 1)]
    [InlineData("mget", 1, -1, 1)]
    [InlineData("mset", 1, -1, 2)]
    [InlineData("rename", 1, 2, 1)]
    [InlineData("bitop", 2, -1, 1)]
    [InlineData("blpop", 1, -2, 1)]
    [InlineData("sort_ro", 1, 1, 1)]
    [InlineData("sort", 0, 0, 0)]
    [InlineData("eval", 0, 0, 0)]
    [InlineData("zunionstore", 0, 0, 0)]
    [InlineData("georadius", 0, 0, 0)]
    [InlineData("publish", 0, 0, 0)]
    [InlineData("spublish", 0, 0, 0)]
    public void PlainRange_OnlyWhereItSaysAll(string name, int first, int last, int step)
    {
        CommandInfo command = Table.Resolve(Bytes(name), default)!;

        Assert.Equal((first, last, step), (command.FirstKey, command.LastKey, command.KeyStep));
    }

    [Fact]
    public void AcceptsCount_FixedAndLeast_AsTheServerCounts()
    {
        Assert.True(Table.TryFind("get"u8, out CommandInfo? get));
        Assert.True(get.AcceptsCount(2));
        Assert.False(get.AcceptsCount(1));
        Assert.False(get.AcceptsCount(3));
        Assert.True(Table.TryFind("set"u8, out CommandInfo? set));
        Assert.True(set.AcceptsCount(3));
        Assert.True(set.AcceptsCount(5));
        Assert.False(set.AcceptsCount(2));
    }

    [Fact]
    public void TryFind_OnceWarm_AllocatesNothing()
    {
        Table.TryFind("get"u8, out _);

        Assert.Equal(0, Allocations.Least(static () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Table.TryFind("georadiusbymember_ro"u8, out _);
                Table.Resolve("config"u8, "get"u8);
            }
        }));
    }

    private static IEnumerable<string> Cases(string name)
    {
        yield return name;
        yield return name.ToUpperInvariant();
        yield return string.Concat(name.Select((c, i) => i % 2 == 0 ? char.ToUpperInvariant(c) : c));
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
