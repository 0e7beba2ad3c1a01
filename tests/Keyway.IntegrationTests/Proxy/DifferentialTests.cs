using System.Globalization;
using Keyway.IntegrationTests.Memory;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Random commands, pipelined, are answered through Keyway as by one redis-server that has everything.</summary>
public sealed class DifferentialTests
{
    private const int Batches = 40;
    private const int BatchLength = 100;

    [Theory]
    [InlineData(1, 2, ProxyRig.Epoll)]
    [InlineData(1, 3, ProxyRig.Epoll)]
    [InlineData(4, 2, ProxyRig.Epoll)]
    [InlineData(4, 3, ProxyRig.Epoll)]
    [InlineData(4, 2, ProxyRig.Managed)]
    public void Commands_MadeAtRandom_AreAnsweredAsByOneServer(int servers, int version, string poller)
    {
        using var rig = ProxyRig.Start(servers, "server_connections: 3", poller);
        using var reference = RedisProcess.Start();
        using var client = rig.Connect();
        using var direct = reference.Connect();
        client.Call("HELLO", version.ToString(CultureInfo.InvariantCulture));
        direct.Call("HELLO", version.ToString(CultureInfo.InvariantCulture));
        var generator = new CommandGenerator(seed: servers + version);

        for (var batch = 0; batch < Batches; batch++)
        {
            var requests = Enumerable.Range(0, BatchLength).Select(_ => generator.Next()).ToArray();
            client.SendRaw([.. requests.SelectMany(static request => request)]);
            foreach (var request in requests)
            {
                var actual = client.ReadReply();
                if (actual.Text?.StartsWith("CROSSSLOT", StringComparison.Ordinal) == true)
                {
                    continue; // what Keyway has not done, the other is not to do either
                }

                direct.SendRaw(request);
                AssertSame(servers, request, direct.ReadReply(), actual);
            }
        }
    }

    private static void AssertSame(int servers, byte[] request, RespValue expected, RespValue actual)
    {
        var shown = System.Text.Encoding.Latin1.GetString(request).Replace("\r\n", "~", StringComparison.Ordinal);
        var command = shown.Split('~')[2].ToUpperInvariant();
        if (command is "TTL" or "EXPIRETIME" && expected.Type == ':' && actual.Type == ':' && long.Parse(expected.Text!, CultureInfo.InvariantCulture) is var time and > 0)
        {
            // The clocks are not read at once: a second or two may begin between.
            Assert.InRange(long.Parse(actual.Text!, CultureInfo.InvariantCulture), time - 2, time + 2);
        }
        else if (command == "KEYS" && !expected.IsError)
        {
            Assert.Equal(expected.Items.Select(static item => item.Text).Order(StringComparer.Ordinal), actual.Items.Select(static item => item.Text).Order(StringComparer.Ordinal));
        }
        else if (command == "SCAN" && !expected.IsError)
        {
            // With several servers the cursor goes on: that every key is found is tested elsewhere.
            Assert.Equal(expected.Type, actual.Type);
            Assert.True(servers > 1 || expected.Items[1].Items.Count == actual.Items[1].Items.Count, shown);
        }
        else
        {
            Assert.Equal($"{shown} -> {expected}", $"{shown} -> {actual}");
        }
    }
}
