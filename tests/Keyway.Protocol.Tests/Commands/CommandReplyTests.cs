using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Tests.Commands;

public sealed class CommandReplyTests
{
    private const string Range = "$4 spec *6 $7 lastkey :0 $7 keystep :1 $5 limit :0 ";
    private const string KeyAtOne = "*1 *6 $5 flags *2 +RW +update $12 begin_search *4 $4 type $5 index $4 spec *2 $5 index :1 " +
        "$9 find_keys *4 $4 type $5 range " + Range;

    private const string KeyAtOneResp3 = "~1 %3 $5 flags ~2 +RW +update $12 begin_search %2 $4 type $5 index $4 spec %1 $5 index :1 " +
        "$9 find_keys %2 $4 type $5 range $4 spec %3 $7 lastkey :0 $7 keystep :1 $5 limit :0 ";

    [Theory]
    [InlineData("*10 $8 JSON.SET :-4 *2 +write +denyoom :1 :1 :1 *0 *0 " + KeyAtOne + "*0 ")]
    [InlineData("*1 *10 $8 json.set :-4 *2 +write +denyoom :1 :1 :1 *0 *0 " + KeyAtOne + "*0 ")]
    [InlineData("*1 *10 $8 json.set :-4 ~2 +write +denyoom :1 :1 :1 ~0 ~0 " + KeyAtOneResp3 + "~0 ")]
    [InlineData("*6 $8 json.set :-4 *2 +write +denyoom :1 :1 :1 ")]
    [InlineData("*7 $8 json.set :-4 *2 +write +denyoom :1 :1 :1 *1 +@write ")]
    [InlineData("*11 $8 json.set :-4 *2 +write +denyoom :1 :1 :1 *0 *0 " + KeyAtOne + "*0 *1 +new ")]
    public void FromServer_WriteWithAKey_GoesToItsServer(string reply)
    {
        CommandInfo command = Learn(reply)!;

        Assert.Equal("json.set", command.Name);
        Assert.Equal(-4, command.Arity);
        Assert.Equal(CommandFlags.Write | CommandFlags.DenyOom, command.Flags);
        Assert.Equal((1, 1, 1), (command.FirstKey, command.LastKey, command.KeyStep));
        Assert.Equal((CommandTreatment.Key, CommandTreatment.Key), (command.SingleTreatment, command.ShardedTreatment));
        Assert.Equal(CommandRepeat.No, command.Repeat);
        Assert.Null(command.Reason);
        Assert.Equal("1", Keys(command, "JSON.SET doc $ 1"));
    }

    [Fact]
    public void FromServer_KeywordAndCount_AreFound()
    {
        CommandInfo command = Learn("*10 $4 x.op :-2 *2 +readonly +movablekeys :0 :0 :0 *0 *0 *2 " +
            "*6 $5 flags *1 +RO $12 begin_search *4 $4 type $7 keyword $4 spec *4 $7 keyword $4 FROM $9 startfrom :1 " +
            "$9 find_keys *4 $4 type $6 keynum $4 spec *6 $9 keynumidx :0 $8 firstkey :1 $7 keystep :1 " +
            "*8 $5 notes $3 why $5 flags *1 +OW $12 begin_search *4 $4 type $7 keyword $4 spec *4 $7 keyword $4 INTO $9 startfrom :-2 " +
            "$9 find_keys *4 $4 type $5 range " + Range + "*0 ")!;

        Assert.Equal(CommandRepeat.Read, command.Repeat);
        Assert.Equal(CommandTreatment.Key, command.ShardedTreatment);
        Assert.Equal("3 4 6", Keys(command, "X.OP from 2 a b into c"));
    }

    [Theory]
    [InlineData("*6 $5 x.pop :2 *2 +write +blocking :0 :0 :0 ", CommandTreatment.Pinned, CommandTreatment.Pinned)]
    [InlineData("*6 $5 x.sub :2 *1 +pubsub :0 :0 :0 ", CommandTreatment.Pinned, CommandTreatment.Pinned)]
    [InlineData("*6 $5 x.cfg :2 *1 +admin :0 :0 :0 ", CommandTreatment.Refuse, CommandTreatment.Refuse)]
    [InlineData("*6 $5 x.all :2 *1 +readonly :0 :0 :0 ", CommandTreatment.Any, CommandTreatment.Refuse)]
    [InlineData("*6 $5 x.any :2 *2 +readonly +movablekeys :1 :1 :1 ", CommandTreatment.Any, CommandTreatment.Refuse)]
    public void FromServer_DoubtfulCommands_AreRefusedWithAReason(string reply, CommandTreatment single, CommandTreatment sharded)
    {
        CommandInfo command = Learn(reply)!;

        Assert.Equal((single, sharded), (command.SingleTreatment, command.ShardedTreatment));
        Assert.StartsWith("X.", command.Reason);
        Assert.EndsWith(".", command.Reason);
    }

    [Fact]
    public void FromServer_Container_HasItsSubcommands()
    {
        CommandInfo command = Learn("*10 $5 x.box :-2 *0 :0 :0 :0 *0 *0 *0 *2 " +
            "*10 $9 x.box|put :3 *1 +write :2 :2 :1 *0 *0 *0 *0 " +
            "*10 $9 x.box|get :3 *1 +readonly :2 :2 :1 *0 *0 *0 *0 ")!;

        Assert.True(command.IsContainer);
        Assert.Equal(["x.box|get", "x.box|put"], command.Subcommands.ToArray().Select(sub => sub.Name));
        Assert.Equal(CommandTreatment.Key, command.FindSubcommand("PUT"u8)!.ShardedTreatment);
        Assert.Equal(2, command.FindSubcommand("get"u8)!.FirstKey);
    }

    [Theory]
    [InlineData("*1 *-1 ")]
    [InlineData("*1 $-1 ")]
    [InlineData("_ ")]
    [InlineData("*0 ")]
    [InlineData("*1 ")]
    [InlineData("-ERR no ")]
    [InlineData("*6 $0  :2 *0 :0 :0 :0 ")]
    [InlineData("*6 $1 x +two *0 :0 :0 :0 ")]
    [InlineData("*5 $1 x :2 *0 :0 :0 ")]
    public void FromServer_Unknown_IsNull(string reply) => Assert.Null(Learn(reply));

    [Theory]
    [InlineData("*6 $5 x.bad :2 *1 +readonly :1 :1 :0 ")]
    [InlineData("*6 $5 x.bad :2 *1 +readonly :1 :9 :1 ")]
    [InlineData("*6 $5 x.bad :2 *1 +readonly :-1 :1 :1 ")]
    public void FromServer_RangeThatMakesNoSense_IsNotUsed(string reply)
    {
        CommandInfo command = Learn(reply)!;

        Assert.Equal((0, 0, 0), (command.FirstKey, command.LastKey, command.KeyStep));
        Assert.Equal(CommandTreatment.Refuse, command.ShardedTreatment);
    }

    [Fact]
    public void FromServer_CutAtEveryByte_NeverThrows()
    {
        byte[] whole = Frame("*1 *10 $8 json.set :-4 ~2 +write +denyoom :1 :1 :1 ~0 ~0 " + KeyAtOneResp3 + "~0 ");
        for (int length = 0; length < whole.Length; length++)
        {
            CommandInfo.FromServer(whole.AsSpan(0, length));
        }
    }

    [Fact]
    public void With_LearntCommand_IsFoundAndOldTableIsUntouched()
    {
        CommandInfo learnt = Learn("*10 $5 x.box :-2 *0 :0 :0 :0 *0 *0 *0 *1 *10 $9 x.box|get :3 *1 +readonly :2 :2 :1 *0 *0 *0 *0 ")!;
        CommandTable table = CommandTable.BuiltIn.With(learnt);

        Assert.Same(learnt, table.Resolve("X.BOX"u8, default));
        Assert.Equal("x.box|get", table.Resolve("X.BOX"u8, "GET"u8)!.Name);
        Assert.Equal(CommandTable.BuiltIn.Count + 2, table.Count);
        Assert.Equal(Enumerable.Range(0, table.Count), table.All.ToArray().Select(command => command.Id).Order());
        Assert.Null(CommandTable.BuiltIn.Resolve("X.BOX"u8, default));
        Assert.Throws<ArgumentException>(() => table.With(learnt));
    }

    private static CommandInfo? Learn(string reply) => CommandInfo.FromServer(Frame(reply));

    private static byte[] Frame(string words) => Encoding.ASCII.GetBytes(words.Replace(" ", "\r\n"));

    private static string Keys(CommandInfo command, string request)
    {
        RequestArgs args = new Requests().Parse(request, out byte[] frame);
        KeyList keys = new();
        KeyFinder.Find(command, frame, args, keys);
        return string.Join(' ', keys.Indexes.ToArray());
    }
}
