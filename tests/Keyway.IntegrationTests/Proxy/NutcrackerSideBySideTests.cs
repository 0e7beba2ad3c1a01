using System.Text;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>One nutcracker.yml, used by nutcracker and by Keyway at the same time: both find each other's keys.</summary>
public sealed class NutcrackerSideBySideTests
{
    private const int Keys = 2000;

    [Theory]
    [InlineData("ketama", "fnv1a_64", "")]
    [InlineData("ketama", "murmur", "hash_tag: \"{}\"")]
    [InlineData("modula", "crc32", "hash_tag: \"{}\"")]
    [InlineData("modula", "md5", "")]
    public void SameFile_KeysWrittenThroughEither_AreReadThroughTheOther(string distribution, string hash, string more)
    {
        var servers = Enumerable.Range(0, 4).Select(static _ => RedisProcess.Start()).ToArray();
        try
        {
            var lines = servers.Select(static (server, i) => $"  - {server.Address}:{i + 1}{(i % 2 == 0 ? "" : $" name{i}")}");
            var pool = $"redis: true\nhash: {hash}\ndistribution: {distribution}\n{more}\nservers:\n{string.Join('\n', lines)}";
            using var nutcracker = NutcrackerProcess.Start(pool);
            var port = FreePorts.Next();
            using var keyway = KeywayProcess.Start($"pool:\n  listen: 127.0.0.1:{port}\n" + string.Join('\n', pool.Split('\n').Select(static line => "  " + line)) + "\n");
            using var old = RespClient.Connect(nutcracker.Port);
            using var now = RespClient.Connect(port);
            var keys = RandomKeys();

            WriteAndRead(old, now, keys, "by nutcracker ");
            WriteAndRead(now, old, keys, "by keyway ");
        }
        finally
        {
            foreach (var server in servers)
            {
                server.Dispose();
            }
        }
    }

    private static void WriteAndRead(RespClient writer, RespClient reader, string[] keys, string value)
    {
        writer.SendRaw([.. keys.SelectMany(key => RespClient.Encode("SET", key, value + key))]);
        foreach (var _ in keys)
        {
            Assert.Equal("+OK", writer.ReadReply().ToString());
        }

        reader.SendRaw([.. keys.SelectMany(static key => RespClient.Encode("GET", key))]);
        foreach (var key in keys)
        {
            Assert.Equal("$" + value + key, reader.ReadReply().ToString());
        }
    }

    private static string[] RandomKeys()
    {
        var random = new Random(13);
        return [.. Enumerable.Range(0, Keys).Select(_ => RandomKey(random)).Distinct(StringComparer.Ordinal)];
    }

    private static string RandomKey(Random random)
    {
        var key = new StringBuilder();
        for (var length = random.Next(1, 40); length > 0; length--)
        {
            key.Append("abcxyz019:_-.{}\u00e9\u00ff"[random.Next(17)]);
        }

        return key.ToString();
    }
}
