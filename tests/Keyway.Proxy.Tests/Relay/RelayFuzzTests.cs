using System.Text;
using System.Text.Json;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Relay;

/// <summary>Whatever comes: no fault, every record is JSON, and nothing is left behind. The seeds are fixed.</summary>
public sealed class RelayFuzzTests
{
    private const int Rounds = 400;

    private static readonly string[] Words =
        ["SET", "SADD", "HSET", "HMSET", "MULTI", "EXEC", "DISCARD", "XADD", "LPUSH", "PUBLISH", "CSET", "PING", "RAWSET", "k", "l", "*", "EX", "1", "MAXLEN", "\xff\\x41", "", "\u00e2\u0080\u00a8", "<\"\\\n\0>"];

    private static readonly string[] Pieces =
        ["GET /ping HTTP/1.1\r\n", "POST /firehose HTTP/1.1\r\n", "POST /firehose-batch HTTP/1.0\r\n", "Host: h\r\n", "Content-Length: 2\r\n", "Content-Length: 7\r\n", "Transfer-Encoding: chunked\r\n", "Content-Encoding: gzip\r\n", "Expect: 100-continue\r\n", "Connection: close\r\n", "\r\n", "{}", "{\"a\":1}", "2\r\n{}\r\n0\r\n\r\n", "0\r\n\r\n", "\n", "x", "\0"];

    [Theory]
    [InlineData(1, BinaryText.Base64)]
    [InlineData(2, BinaryText.Escape)]
    public void Resp_OfAnyWords_MakesJsonOnly(int seed, BinaryText binary)
    {
        Random random = new(seed);
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool, relay => relay with { Binary = binary, IgnoreCommands = ["l"] });
        long before = rig.State.Reactor.Buffers.InUse;
        int raw = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using RigClient client = rig.Connect();
            for (int i = 0; i < 5; i++)
            {
                string[] request = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Words[random.Next(Words.Length)])];
                raw += request[0] == "RAWSET" ? 1 : 0;
                byte[] bytes = RespClient.Encode(request);
                if (random.Next(20) == 0)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                if (!client.TrySend(bytes))
                {
                    break;
                }
            }

            _ = client.Replies();
        }

        rig.Settle();
        int invalid = spool.Records.Count(static record => !IsRecord(record));
        Assert.InRange(invalid, 0, raw);
        Assert.True(spool.Records.Count > Rounds / 4);
        rig.Settle();
        Assert.Equal(before, rig.State.Reactor.Buffers.InUse);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Http_OfAnyPieces_MakesJsonOnly(int seed)
    {
        Random random = new(seed);
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        long before = rig.State.Reactor.Buffers.InUse;
        for (int round = 0; round < Rounds; round++)
        {
            using RigClient client = rig.ConnectHttp();
            StringBuilder text = new(random.Next(3) switch
            {
                0 => "POST /firehose HTTP/1.1\r\nHost: h\r\n",
                1 => "POST /firehose HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}",
                _ => "",
            });
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                text.Append(Pieces[random.Next(Pieces.Length)]);
            }

            byte[] bytes = Encoding.Latin1.GetBytes(text.ToString());
            if (random.Next(4) == 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            int cut = random.Next(bytes.Length);
            client.TrySend(bytes.AsSpan(0, cut));
            rig.Settle();
            client.TrySend(bytes.AsSpan(cut));
            string answers = client.Replies();
            Assert.True(answers.Length == 0 || answers.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), answers);
        }

        rig.Settle();
        Assert.All(spool.Records, static record => Assert.True(IsRecord(record), record));
        Assert.NotEmpty(spool.Records);
        Assert.Equal(before, rig.State.Reactor.Buffers.InUse);
    }

    private static bool IsRecord(string record)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.Latin1.GetBytes(record));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("ts", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
