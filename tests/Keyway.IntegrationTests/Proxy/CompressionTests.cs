using System.IO.Compression;
using System.Text;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Compressed values before real servers.</summary>
public sealed class CompressionTests
{
    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("brotli", 2)]
    public void Values_ComeBack_AndTakeLessRoom(string method, int count)
    {
        using Servers servers = new(count);
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, $"compress: {method}", servers));
        using RespClient client = RespClient.Connect(port);
        foreach (int length in new[] { 10, 300, 70_000, 3_000_000 })
        {
            string value = Value(length);
            Assert.Equal("OK", client.Call("SET", "k", value).Text);
            Assert.Equal(value, client.Call("GET", "k").Text);
            Assert.Equal(value, client.Call("SET", "k", "x", "GET").Text);
            Assert.Equal("OK", client.Call("MSET", "a", value, "b", "short", "c", value).Text);
            Assert.Equal([value, null, "short", value], client.Call("MGET", "a", "none", "b", "c").Items.Select(static item => item.Text));
            client.Call("HSET", "h", "f", value, "g", "1");
            Assert.Equal(["1", value], client.Call("HMGET", "h", "g", "f").Items.Select(static item => item.Text));
            Assert.Equivalent(new[] { "f", value, "g", "1" }, client.Call("HGETALL", "h").Items.Select(static item => item.Text), strict: true);
        }

        Assert.InRange(int.Parse(client.Call("STRLEN", "a").Text!, System.Globalization.CultureInfo.InvariantCulture), 1, 1_000_000);
        client.Call("APPEND", "a", "!");
        Assert.Equal(Value(3_000_000) + "!", client.Call("GET", "a").Text);
        Assert.Equal("QUEUED", client.Call("MULTI").Text is "OK" ? client.Call("GET", "c").Text : "");
        Assert.Equal(Value(3_000_000), client.Call("EXEC").Items[0].Text);
    }

    [Fact]
    public void GzipOfTheClientsOwn_ComesBackAsItWas()
    {
        using Servers servers = new(1);
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "compress: gzip\n    decompress: relayer", servers));
        using RespClient client = RespClient.Connect(port);
        string gzip = Gzip(Value(1000));

        Assert.Equal("OK", client.Call("SET", "own", gzip).Text);
        Assert.Equal(gzip, client.Call("GET", "own").Text);
    }

    [Fact]
    public void WhatSmartRelayerWrote_IsRead_InSmartModeToo()
    {
        using Servers servers = new(1);
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "compress: brotli\n    decompress: relayer\n    mode: smart", servers));
        using RespClient direct = servers.All[0].Connect();
        direct.Call("SET", "gzip", Gzip(Value(1000)));
        direct.Call("SET", "snappy", "$sy$\x05\x00" + "a\x01\x01");
        using RespClient client = RespClient.Connect(port);

        Assert.Equal(Value(1000), client.Call("GET", "gzip").Text);
        Assert.Equal("aaaaa", client.Call("GET", "snappy").Text);
        Assert.Equal("OK", client.Call("SET", "k", Value(5000)).Text);
        Assert.Equal(Value(5000), client.Call("GET", "k").Text);
        Assert.StartsWith("\u00F5KWb", direct.Call("GET", "k").Text, StringComparison.Ordinal);
    }

    private static string Value(int length)
    {
        StringBuilder text = new();
        for (int i = 0; text.Length < length; i++)
        {
            text.Append("item ").Append(i % 1000).Append(", ");
        }

        return text.ToString(0, length);
    }

    private static string Gzip(string text)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.Latin1.GetBytes(text));
        }

        return Encoding.Latin1.GetString(stream.ToArray());
    }

    private static string Config(int port, string more, Servers servers) => $"""
        pools:
          cache:
            listen: 127.0.0.1:{port}
            servers: [{string.Join(", ", servers.All.Select(static server => server.Address))}]
            {more}
        """;

    private sealed class Servers : IDisposable
    {
        internal Servers(int count) => All = [.. Enumerable.Range(0, count).Select(static _ => RedisProcess.Start())];

        internal RedisProcess[] All { get; }

        public void Dispose()
        {
            foreach (RedisProcess server in All)
            {
                server.Dispose();
            }
        }
    }
}
