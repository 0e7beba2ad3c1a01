using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Commands;

public sealed class KeyFinderTests
{
    [Theory]
    [InlineData("GET k", "1")]
    [InlineData("mget a b c", "1 2 3")]
    [InlineData("MSET a 1 b 2", "1 3")]
    [InlineData("BITOP AND d a b", "2 3 4")]
    [InlineData("OBJECT ENCODING k", "2")]
    [InlineData("EVAL return 2 a b c", "3 4")]
    [InlineData("EVAL return 0", "")]
    [InlineData("EVAL return 0 a", "")]
    [InlineData("ZUNIONSTORE d 2 a b WEIGHTS 1 2", "1 3 4")]
    [InlineData("LMPOP 2 a b LEFT", "2 3")]
    [InlineData("XREAD COUNT 2 STREAMS a b 0 0", "4 5")]
    [InlineData("XREAD streams streams streams 0 0", "2 3")]
    [InlineData("XREADGROUP GROUP streams c STREAMS a >", "5")]
    [InlineData("SORT k", "1")]
    [InlineData("PFMERGE d", "1")]
    [InlineData("PFMERGE d a b", "1 2 3")]
    [InlineData("MSETEX 2 a 1 b 2 EX 10", "2 4")]
    [InlineData("SORT k BY w_* GET d_* STORE d", "1 7")]
    [InlineData("GEORADIUS k 0 0 1 m store d", "1 7")]
    [InlineData("GEORADIUS k 0 0 1 m", "1")]
    [InlineData("SPUBLISH ch m", "")]
    [InlineData("PING", "")]
    public void Find_KeysOfARequest_AreFound(string request, string expected)
    {
        Assert.Equal(expected.Length == 0 ? KeyStatus.NoKeys : KeyStatus.Found, Find(request, out string keys));
        Assert.Equal(expected, keys);
    }

    [Theory]
    [InlineData("EVAL return x a", KeyStatus.CountNotAnInteger, "ERR value is not an integer or out of range")]
    [InlineData("EVAL return  a", KeyStatus.CountNotAnInteger, "ERR value is not an integer or out of range")]
    [InlineData("EVAL return 99999999999999999999 a", KeyStatus.CountNotAnInteger, "ERR value is not an integer or out of range")]
    [InlineData("EVAL return -1 a", KeyStatus.CountNegative, "ERR Number of keys can't be negative")]
    [InlineData("EVAL return 2 a", KeyStatus.CountTooLarge, "ERR Number of keys can't be greater than number of args")]
    [InlineData("EVAL return 9223372036854775807 a", KeyStatus.CountTooLarge, "ERR Number of keys can't be greater than number of args")]
    [InlineData("MSET a 1 b", KeyStatus.WrongNumberOfArguments, "ERR wrong number of arguments for 'mset' command")]
    [InlineData("MSETEX 2 a 1", KeyStatus.CountTooLarge, "ERR Number of keys can't be greater than number of args")]
    [InlineData("RENAME a", KeyStatus.WrongNumberOfArguments, "ERR wrong number of arguments for 'rename' command")]
    [InlineData("EVAL return", KeyStatus.WrongNumberOfArguments, "ERR wrong number of arguments for 'eval' command")]
    [InlineData("SORT a STORE", KeyStatus.SyntaxError, "ERR syntax error")]
    public void Find_Malformed_SaysWhatRedisSays(string request, KeyStatus status, string error)
    {
        Assert.Equal(status, Find(request, out string keys));
        Assert.Equal("", keys);
        Assert.Equal(error, KeyStatusText.Of(status, Requests.CommandOf(request)));
    }

    [Fact]
    public void Find_ManyKeys_AreAllFound()
    {
        Find("DEL " + string.Join(' ', Enumerable.Range(0, 1000)), out string keys);

        Assert.Equal(string.Join(' ', Enumerable.Range(1, 1000)), keys);
    }

    [Fact]
    public void Find_OnceWarm_AllocatesNothing()
    {
        RequestArgs args = new Requests().Parse("ZUNIONSTORE d 2 a b WEIGHTS 1 2", out byte[] frame);
        CommandInfo command = Requests.CommandOf("ZUNIONSTORE");
        KeyList keys = new();
        KeyFinder.Find(command, frame, args, keys);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                KeyFinder.Find(command, frame, args, keys);
            }
        }));
    }

    private static KeyStatus Find(string request, out string keys)
    {
        RequestArgs args = new Requests().Parse(request, out byte[] frame);
        KeyList list = new();
        KeyStatus status = KeyFinder.Find(Requests.CommandOf(request), frame, args, list);
        keys = string.Join(' ', list.Indexes.ToArray());
        return status;
    }
}
