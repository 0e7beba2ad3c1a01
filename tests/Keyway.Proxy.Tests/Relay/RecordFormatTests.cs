using System.IO.Compression;
using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Relay;

/// <summary>Records are smart-relayer's, byte for byte.</summary>
public sealed class RecordFormatTests
{
    [Theory]
    [InlineData("SET k v", "+OK~", """{"ts":1,"data":{"k":"v"}}""")]
    [InlineData("SADD list a", ":1~", """{"ts":1,"data":{"list":["a"]}}""")]
    [InlineData("HMSET h f1 v1 f2 v2", "+OK~", """{"ts":1,"data":{"h":{"f1":"v1","f2":"v2"}}}""")]
    [InlineData("HMSET h f 1 f 2", "+OK~", """{"ts":1,"data":{"h":{"f":"2"}}}""")]
    [InlineData("MULTI; SET z 1; SADD list a; SADD list b; HMSET dict k1 v1; EXEC", "+OK~+QUEUED~+QUEUED~+QUEUED~+QUEUED~*4~+OK~:1~:1~+OK~", """{"ts":1,"data":{"dict":{"k1":"v1"},"list":["a","b"],"z":"1"}}""")]
    [InlineData("MULTI; EXEC", "+OK~*0~", """{"ts":1}""")]
    [InlineData("RAWSET {\"my\":1}", "+OK~", """{"my":1}""")]
    public void Row_OfSmartRelayersTable_IsTheSame(string requests, string replies, string record)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal(replies, rig.Tell(requests));
        Assert.Equal(record, spool.Record);
    }

    [Fact]
    public void SecondSet_InATransaction_LeavesTheFirstAndSaysSo()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal("+OK~+QUEUED~+QUEUED~*2~+OK~-ERR the key is set already in this transaction, and the first value stays~", rig.Tell("MULTI; SET k 1; SET k 2; EXEC"));
        Assert.Equal("""{"ts":1,"data":{"k":"1"}}""", spool.Record);
    }

    [Theory]
    [InlineData("SADD k a b a", ":3~", """{"ts":1,"data":{"k":["a","b","a"]}}""")]
    [InlineData("HSET h b 1 a 2 ab 3", ":3~", """{"ts":1,"data":{"h":{"a":"2","ab":"3","b":"1"}}}""")]
    [InlineData("LPUSH l b a", ":2~", """{"ts":1,"data":{"l":["b","a"]}}""")]
    [InlineData("RPUSH l a", ":1~", """{"ts":1,"data":{"l":["a"]}}""")]
    [InlineData("PUBLISH c hello", ":1~", """{"ts":1,"data":{"c":["hello"]}}""")]
    [InlineData("XADD s MAXLEN ~ 10 LIMIT 5 * b 1 a 2", "$15~1767225600000-0~", """{"ts":1,"data":{"s":[{"a":"2","b":"1"}]}}""")]
    [InlineData("MULTI; XADD s * b 1; XADD s * a 1; EXEC", "+OK~+QUEUED~+QUEUED~*2~$15~1767225600000-0~$15~1767225600000-1~", """{"ts":1,"data":{"s":[{"b":"1"},{"a":"1"}]}}""")]
    [InlineData("MULTI; HSET h b 1; HSET h a 1 b 2; EXEC", "+OK~+QUEUED~+QUEUED~*2~:1~:2~", """{"ts":1,"data":{"h":{"a":"1","b":"2"}}}""")]
    [InlineData("MULTI; LPUSH l a; SADD l b; EXEC", "+OK~+QUEUED~+QUEUED~*2~:1~:1~", """{"ts":1,"data":{"l":["a","b"]}}""")]
    [InlineData("SET k v EX 10", "+OK~", """{"ts":1,"data":{"k":"v"}}""")]
    [InlineData("SETEX k 10 v", "+OK~", """{"ts":1,"data":{"k":"v"}}""")]
    [InlineData("SET k v keepttl", "+OK~", """{"ts":1,"data":{"k":"v"}}""")]
    public void Command_HasItsShape(string requests, string replies, string record)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal(replies, rig.Tell(requests));
        Assert.Equal(record, spool.Record);
    }

    [Theory]
    [InlineData("\"\\/\b\f\n\r\t\u0001\u007f", "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\u007f\"")]
    [InlineData("<a href='x'>&", "\"\\u003ca href='x'\\u003e\\u0026\"")]
    [InlineData("\u2027\u2028\u2029\u202a", "\"\u2027\\u2028\\u2029\u202a\"")]
    [InlineData("é€😀", "\"é€😀\"")]
    [InlineData("", "\"\"")]
    public void Text_IsEscapedAsByGo(string value, string json)
    {
        Assert.Equal($$$"""{"ts":1,"data":{"k":{{{json}}}}}""", RecordOf(BinaryText.Base64, "k"u8.ToArray(), Encoding.UTF8.GetBytes(value)));
        Assert.Equal($$$"""{"ts":1,"data":{{{{json}}}:"v"}}""", RecordOf(BinaryText.Base64, Encoding.UTF8.GetBytes(value), "v"u8.ToArray()));
    }

    [Theory]
    [InlineData(BinaryText.Base64, new byte[] { 0xFF, 0x00 }, """{"base64":"/wA="}""")]
    [InlineData(BinaryText.Base64, new byte[] { (byte)'\\', (byte)'x', (byte)'f', (byte)'f' }, """
        "\\xff"
        """)]
    [InlineData(BinaryText.Escape, new byte[] { (byte)'a', 0xFF, (byte)'\\', 0xC3, 0xA9, 0xE2, 0x82 }, """
        "a\\xff\\\\é\\xe2\\x82"
        """)]
    [InlineData(BinaryText.Escape, new byte[] { (byte)'\\', (byte)'x', (byte)'f', (byte)'f' }, """
        "\\\\xff"
        """)]
    [InlineData(BinaryText.Escape, new byte[] { (byte)'C', (byte)':', (byte)'\\', (byte)'d' }, """
        "C:\\d"
        """)]
    public void Bytes_ThatAreNotUtf8_AreKept(BinaryText binary, byte[] value, string json) =>
        Assert.Equal($$$"""{"ts":1,"data":{"k":{{{json}}}}}""", RecordOf(binary, "k"u8.ToArray(), value));

    [Theory]
    [InlineData(BinaryText.Base64)]
    [InlineData(BinaryText.Escape)]
    public void Key_ThatIsNotUtf8_IsEscaped(BinaryText binary) =>
        Assert.Equal("""{"ts":1,"data":{"k\\xff":"v"}}""", RecordOf(binary, [(byte)'k', 0xFF], "v"u8.ToArray()));

    [Theory]
    [InlineData("CSET k {0}", "{\"ts\":1,\"data\":{\"k\":\"", "\"}}")]
    [InlineData("CSADD k {0}", "{\"ts\":1,\"data\":{\"k\":[\"", "\"]}}")]
    [InlineData("CHMSET k f {0}", "{\"ts\":1,\"data\":{\"k\":{\"f\":\"", "\"}}}")]
    public void CompressedCommand_HasGzipInBase64(string request, string before, string behind)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        string value = new('x', 5000);

        rig.Tell(string.Format(System.Globalization.CultureInfo.InvariantCulture, request, value));

        string record = spool.Record;
        Assert.StartsWith(before, record, StringComparison.Ordinal);
        Assert.EndsWith(behind, record, StringComparison.Ordinal);
        using GZipStream gzip = new(new MemoryStream(Convert.FromBase64String(record[before.Length..^behind.Length])), CompressionMode.Decompress);
        Assert.Equal(value, new StreamReader(gzip).ReadToEnd());
    }

    [Fact]
    public void Keys_AreSortedByTheirBytes()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        Random random = new(7);
        string[] keys = [.. Enumerable.Range(0, 300).Select(_ => $"k{random.Next(10_000)}").Distinct()];

        rig.Tell("MULTI; " + string.Join("; ", keys.Select(static key => $"SADD {key} 1")) + "; EXEC");

        Assert.Empty(spool.Records); // 1000 bytes do not take so many
        spool.MaxRecordBytes = 1 << 20;
        rig.Tell("MULTI; " + string.Join("; ", keys.Select(static key => $"SADD {key} 1")) + "; EXEC");
        Assert.Equal($$$"""{"ts":1,"data":{{{{string.Join(',', keys.Order(StringComparer.Ordinal).Select(static key => $"\"{key}\":[\"1\"]"))}}}}}""", spool.Record);
    }

    private static string RecordOf(BinaryText binary, byte[] key, byte[] value)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool, relay => relay with { Binary = binary });
        RigClient client = rig.Connect();
        Assert.True(client.TrySend(RespClient.Encode("SET", Encoding.Latin1.GetString(key), Encoding.Latin1.GetString(value))));
        Assert.Equal("+OK~", client.Replies());
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(spool.Record));
    }
}
