using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Long pipelines of everything at once: each reply is the right one, at its place.</summary>
public sealed class PipelineTests(Rigs rigs) : IClassFixture<Rigs>
{
    private const int Commands = 10_000;

    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pipeline_OfMixedCommandsFromSeveralClients_GetsExactlyItsReplies(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        var apart = servers == 1 ? [] : rig.KeysOfServers(1, "apart").Select(static keys => keys[0]).Take(2).ToArray();

        Wait.ForAll(Enumerable.Range(1, 4).Select<int, Action>(client => () => RunPipeline(rig, client, apart)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pipeline_OneByteAtATime_GetsItsReplies(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        byte[] request = [.. RespClient.Encode("SET", "key", "a\r\nb"), .. RespClient.Encode("GET", "key"), .. "PING\r\n"u8, .. RespClient.Encode("MGET", "key", "none")];

        foreach (var one in request)
        {
            client.SendRaw([one]);
        }

        Assert.Equal("+OK", client.ReadReply().ToString());
        Assert.Equal("$a\r\nb", client.ReadReply().ToString());
        Assert.Equal("+PONG", client.ReadReply().ToString());
        Assert.Equal("*[$a\r\nb, $null]", client.ReadReply().ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Inline_SplitCommands_AreUnderstoodToo(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();

        client.SendRaw("MSET a 1 b \"2 3\" c '4' d \"\\x35\"\r\nMGET a b c d none\r\n\r\nEXISTS a b c d\nSCAN 0 COUNT\r\nDEL a b\r\n");

        Assert.Equal("+OK", client.ReadReply().ToString());
        Assert.Equal("*[$1, $2 3, $4, $5, $null]", client.ReadReply().ToString());
        Assert.Equal(":4", client.ReadReply().ToString());
        Assert.Equal("-ERR syntax error", client.ReadReply().ToString());
        Assert.Equal(":2", client.ReadReply().ToString());
    }

    private static void RunPipeline(ProxyRig rig, int number, string[] apart)
    {
        var model = new PipelineModel(seed: number, string.Create(CultureInfo.InvariantCulture, $"client{number}"), apart);
        var commands = Enumerable.Range(0, Commands).Select(_ => model.Next()).ToArray();
        using var client = rig.Connect(TimeSpan.FromSeconds(30));
        var sender = Task.Run(() => client.SendRaw([.. commands.SelectMany(static command => RespClient.Encode(command.Command))]));

        for (var i = 0; i < commands.Length; i++)
        {
            var (command, expected) = commands[i];
            var reply = client.ReadReply().ToString();
            var isRight = expected.EndsWith("...", StringComparison.Ordinal) ? reply.StartsWith(expected[..^3], StringComparison.Ordinal) : reply == expected;
            Assert.True(isRight, $"command {i}, {string.Join(' ', command)}: got {reply} instead of {expected}");
        }

        Assert.True(sender.Wait(TimeSpan.FromSeconds(5)));
    }
}
