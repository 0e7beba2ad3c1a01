using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Tests.Commands;

public sealed class CommandInfoTests
{
    [Theory]
    [InlineData("BLPOP k 0", true)]
    [InlineData("LPOP k", false)]
    [InlineData("XREAD BLOCK 0 STREAMS k 0", true)]
    [InlineData("XREAD COUNT 1 block 0 STREAMS k 0", true)]
    [InlineData("XREAD STREAMS BLOCK 0", false)]
    [InlineData("XREADGROUP GROUP BLOCK BLOCK STREAMS k >", false)]
    [InlineData("XREADGROUP GROUP g c BLOCK 10 STREAMS k >", true)]
    public void Blocks_ByFlagAndOption(string request, bool expected)
    {
        RequestArgs args = new Requests().Parse(request, out byte[] frame);

        Assert.Equal(expected, Requests.CommandOf(request).Blocks(frame, args));
    }

    [Theory]
    [InlineData("GET k", CommandRepeat.Read)]
    [InlineData("INCR k", CommandRepeat.No)]
    [InlineData("SET k v", CommandRepeat.Idempotent)]
    [InlineData("SET k v EX 10", CommandRepeat.Idempotent)]
    [InlineData("SET k v nx EX 10", CommandRepeat.No)]
    [InlineData("SET k v EX 10 GET", CommandRepeat.No)]
    [InlineData("SETNX k v", CommandRepeat.No)]
    [InlineData("ZADD k INCR 1 m", CommandRepeat.No)]
    [InlineData("EVAL_RO return 1 k", CommandRepeat.Read)]
    [InlineData("EVAL return 1 k", CommandRepeat.No)]
    public void RepeatFor_RequestWithOptions_IsSafe(string request, CommandRepeat expected)
    {
        RequestArgs args = new Requests().Parse(request, out byte[] frame);

        Assert.Equal(expected, Requests.CommandOf(request).RepeatFor(frame, args));
    }

    [Fact]
    public void DisplayName_Subcommand_IsWrittenAsUsersDo()
    {
        Assert.Equal("CONFIG GET", Requests.CommandOf("config get").DisplayName);
    }
}
