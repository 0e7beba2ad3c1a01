using System.IO.Compression;
using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Tests.Rig;
using static Keyway.Proxy.Tests.Relay.Http.HttpRig;

namespace Keyway.Proxy.Tests.Relay.Http;

public sealed class HttpListenerTests
{
    private const string Ok = "200 OK {\"status\": \"success\"}";

    [Theory]
    [InlineData("GET /ping HTTP/1.1~Host: h~~", Ok)]
    [InlineData("HEAD /ping HTTP/1.1~Host: h~~", "200 OK ")]
    [InlineData("GET /ping?x=/firehose HTTP/1.1~Host: h~~", Ok)]
    [InlineData("GET http://h/ping HTTP/1.1~Host: h~~", Ok)]
    [InlineData("GET /ping HTTP/1.0~~", "200 OK~Connection: close {\"status\": \"success\"}")]
    [InlineData("GET /ping HTTP/1.0~Connection: Keep-Alive~~", "200 OK~Connection: keep-alive {\"status\": \"success\"}")]
    [InlineData("GET /ping HTTP/1.1~Host: h~Connection: x, close~~", "200 OK~Connection: close {\"status\": \"success\"}")]
    [InlineData("GET /firehose HTTP/1.1~Host: h~~", "405 Method Not Allowed Method Not Allowed")]
    [InlineData("POST /ping HTTP/1.1~Host: h~Content-Length: 2~~{}GET /ping HTTP/1.1~Host: h~~", "405 Method Not Allowed Method Not Allowed|" + Ok)]
    [InlineData("GET /nothing HTTP/1.1~Host: h~~", "404 Not Found Not Found")]
    [InlineData("OPTIONS * HTTP/1.1~Host: h~~", "404 Not Found Not Found")]
    public void Request_WithoutRecord_IsAnswered(string request, string answer)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal(answer, rig.Fetch(request));
        Assert.Empty(spool.Records);
    }

    [Theory]
    [InlineData("{\"b\":1,\"a\":2}", """{"ts":1,"data":{"a":2,"b":1}}""")]
    [InlineData(" {\"z\": {\"b\": [1, {\"y\":1,\"x\":null}], \"a\": true}} ", """{"ts":1,"data":{"z":{"a":true,"b":[1,{"x":null,"y":1}]}}}""")]
    [InlineData("{\"n\":12345678901234567890.10e+5,\"f\":1.0}", """{"ts":1,"data":{"f":1.0,"n":12345678901234567890.10e+5}}""")]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}", """{"ts":1,"data":{"a":3,"b":2}}""")]
    [InlineData("{\"a\\u0062\":\"<\\/\\u00e9\\n\"}", "{\"ts\":1,\"data\":{\"ab\":\"\\u003c/Ã©\\n\"}}")]
    [InlineData("{}", """{"ts":1}""")]
    [InlineData("{\"a\":{}}", """{"ts":1,"data":{"a":{}}}""")]
    public void JsonObject_IsARecord(string body, string record)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal(Ok, rig.Fetch(Post("/firehose", body)));
        Assert.Equal(record, spool.Record);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1} {}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":\"\xff\"}")]
    [InlineData("{'a':1}")]
    public void OtherJson_IsRefused(string body)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal("400 Bad Request {\"status\": \"invalid_json\"}|" + Ok, rig.Fetch(Post("/firehose", body) + Post("/firehose-raw", "x")));
        Assert.Single(spool.Records);
    }

    [Fact]
    public void RawBody_IsTheRecord()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal(Ok, rig.Fetch(Post("/firehose-raw", "\xff\0{")));
        Assert.Equal("\xff\0{", spool.Record);
        Assert.StartsWith("400 ", rig.Fetch(Post("/firehose-raw", "")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/firehose-batch", "")]
    [InlineData("/firehose", "Content-Type: application/x-ndjson; charset=utf-8~")]
    public void Lines_AreRecords(string path, string header)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);

        Assert.Equal("200 OK {\"status\": \"success\", \"records\": 3}", rig.Fetch(Post(path, "{\"a\":1}\n\n{\"b\":1}\r\n{\"c\":1}", header)));
        Assert.Equal(3, spool.Records.Count);
        Assert.EndsWith("\"data\":{\"c\":1}}", spool.Records[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_OfWhichOneIsWrong_MakeNoRecord()
    {
        ScriptedSpool spool = new() { MaxRecordBytes = 100 };
        using ProxyRig rig = RelayRig.Create(spool);
        string tooLong = $"{{\"a\":\"{new string('x', 100)}\"}}";

        Assert.Equal("400 Bad Request {\"status\": \"invalid_json\", \"line\": 3}", rig.Fetch(Post("/firehose-batch", "{}\n\n[]\n{}")));
        Assert.Equal("413 Content Too Large {\"status\": \"too_large\", \"limit\": 100, \"line\": 2}", rig.Fetch(Post("/firehose-batch", "{}\n" + tooLong)));
        Assert.Equal("413 Content Too Large {\"status\": \"too_large\", \"limit\": 100}", rig.Fetch(Post("/firehose", tooLong)));
        Assert.Empty(spool.Records);
    }

    [Fact]
    public void ChunkedBody_InAnyPieces_IsTaken()
    {
        const string Request = "POST /firehose-raw HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5;x=\"y\"~hello~00D~ wonderful~w~0~Trailer: x~~GET /ping HTTP/1.1~Host: h~~";
        byte[] bytes = RigSocket.Bytes(Request);
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            using RigClient client = rig.ConnectHttp();
            Assert.True(client.TrySend(bytes.AsSpan(0, cut)));
            rig.Settle();
            Assert.True(client.TrySend(bytes.AsSpan(cut)));
            rig.Settle();
            Assert.Equal($"{Ok}|{Ok}", client.Answers());
        }

        Assert.All(spool.Records, static record => Assert.Equal("hello wonderful\r\nw", record));
    }

    [Fact]
    public void GzipBody_IsInflated()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        string gzip = Gzip("{\"a\":1}");

        Assert.Equal($"{Ok}|{Ok}", rig.FetchRaw(PostRaw("Content-Encoding: gzip", gzip) + PostRaw("Content-Encoding: gzip", gzip)));
        Assert.Equal(2, spool.Records.Count);
        Assert.StartsWith("400 ", rig.FetchRaw(PostRaw("Content-Encoding: gzip", "no gzip at all")), StringComparison.Ordinal);
        Assert.StartsWith("400 ", rig.FetchRaw(PostRaw("Content-Encoding: gzip", Gzip(new string('x', 200))[..20])), StringComparison.Ordinal);
        Assert.StartsWith("415 ", rig.FetchRaw(PostRaw("Content-Encoding: br", gzip)), StringComparison.Ordinal);
    }

    [Fact]
    public void GzipBody_ThatWasCutOffOrChanged_IsNoRecord()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        string gzip = Gzip(string.Concat(Enumerable.Range(0, 200)));
        string Post(string body) => rig.FetchRaw($"POST /firehose-raw HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        for (int length = 1; length < gzip.Length; length++)
        {
            Assert.StartsWith("400 ", Post(gzip[..length]), StringComparison.Ordinal);
        }

        Assert.StartsWith("400 ", Post(gzip[..^5] + (char)(gzip[^5] ^ 1) + gzip[^4..]), StringComparison.Ordinal);
        Assert.StartsWith("400 ", Post(gzip + "more"), StringComparison.Ordinal);
        Assert.Empty(spool.Records);

        Assert.StartsWith("200 ", Post(gzip + Gzip("!")), StringComparison.Ordinal);
        Assert.Equal(string.Concat(Enumerable.Range(0, 200)) + "!", Assert.Single(spool.Records));
    }

    [Fact]
    public void GzipBody_ThatBecomesTooMuch_IsRefused()
    {
        using ProxyRig rig = RelayRig.Create(new ScriptedSpool(), pool: static pool => pool with { Limits = pool.Limits with { HttpBody = 2000 } });

        Assert.StartsWith("413 ", rig.FetchRaw(PostRaw("Content-Encoding: gzip", Gzip(new string(' ', 100_000)))), StringComparison.Ordinal);
        Assert.StartsWith("413 ", rig.Fetch(Post("/firehose", new string(' ', 2001))), StringComparison.Ordinal);
        Assert.StartsWith("413 ", rig.Fetch("POST /firehose HTTP/1.1~Host: h~Transfer-Encoding: chunked~~7d1~"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /ping HTTP/1.1~~", 400)] // no host
    [InlineData("GET /ping HTTP/1.1~Host: a~Host: b~~", 400)]
    [InlineData("GET /ping HTTP/2.0~Host: h~~", 505)]
    [InlineData("GET  /ping HTTP/1.1~Host: h~~", 400)]
    [InlineData("GET /ping~Host: h~~", 400)]
    [InlineData("GET /ping HTTP/1.1~Host : h~~", 400)]
    [InlineData("GET /ping HTTP/1.1~Host: h~ folded: x~~", 400)]
    [InlineData("GET /ping HTTP/1.1~Host: h~Bad\x01: x~~", 400)]
    [InlineData("GET /ping HTTP/1.1~Host: h~X: a\x01~~", 400)]
    [InlineData("GET /ping HTTP/1.1~Host: h\nX: y~~", 400)]
    [InlineData("GET /ping HTTP/1.1~Host: h\rX: y~~", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Content-Length: 2~Transfer-Encoding: chunked~~{}", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Content-Length: 2~Content-Length: 2~~{}", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Content-Length: +2~~{}", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Content-Length: 2, 2~~{}", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Content-Length: 99999999999999999999~~{}", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Transfer-Encoding: gzip, chunked~~", 501)]
    [InlineData("POST /firehose HTTP/1.0~Transfer-Encoding: chunked~~0~~", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Transfer-Encoding: chunked~~x~", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Transfer-Encoding: chunked~~-1~", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Transfer-Encoding: chunked~~2~{}xx", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Transfer-Encoding: chunked~~2\n{}~", 400)]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Expect: miracles~Content-Length: 2~~{}", 417)]
    [InlineData("\x16\x03\x01~~~~", 400)]
    public void MalformedRequest_IsRefusedAndClosed(string request, int status)
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool);
        RigClient client = rig.ConnectHttp();

        client.Say(request + "GET /ping HTTP/1.1~Host: h~~");

        string answer = client.Answers();
        Assert.StartsWith($"{status} ", answer, StringComparison.Ordinal);
        Assert.Contains("~Connection: close ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("|", answer, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Empty(spool.Records);
    }

    [Fact]
    public void HeadersWithoutEnd_AreRefused()
    {
        using ProxyRig rig = RelayRig.Create(new ScriptedSpool());

        Assert.StartsWith("431 ", rig.Fetch("GET /ping HTTP/1.1~Host: h~X: " + new string('x', 17_000)), StringComparison.Ordinal);
        Assert.StartsWith("431 ", rig.Fetch("GET /ping HTTP/1.1~Host: h~" + string.Concat(Enumerable.Repeat("X: y~", 101)) + "~"), StringComparison.Ordinal);
    }

    [Fact]
    public void Expect_IsToldToContinue_OnceAndInOrder()
    {
        ScriptedSpool spool = new() { IsManual = true };
        using ProxyRig rig = RelayRig.Create(spool);
        RigClient client = rig.ConnectHttp();

        client.Say(Post("/firehose", "{}") + "POST /firehose HTTP/1.1~Host: h~Expect: 100-continue~Content-Length: 2~~");
        Assert.Equal("", client.Replies());
        spool.Settle();
        Assert.Equal(Ok + "|100 Continue ", client.Answers());
        client.Say("{");
        Assert.Equal("", client.Replies());
        client.Say("}");
        spool.Settle();
        Assert.Equal(Ok, client.Answers());
        client.Say("POST /nothing HTTP/1.1~Host: h~Expect: 100-continue~Content-Length: 2~~");
        Assert.StartsWith("404 Not Found~Connection: close", client.Answers(), StringComparison.Ordinal);
    }

    [Fact]
    public void Password_IsAskedFor()
    {
        ScriptedSpool spool = new();
        using ProxyRig rig = RelayRig.Create(spool, pool: static pool => pool with { Password = "secret" });

        Assert.Equal(Ok, rig.Fetch("GET /ping HTTP/1.1~Host: h~~"));
        Assert.Equal(
            $"401 Unauthorized {{\"status\": \"unauthorized\"}}|401 Unauthorized {{\"status\": \"unauthorized\"}}|{Ok}|{Ok}",
            rig.Fetch(
                Post("/firehose", "{}")
                + Post("/firehose", "{}", "Authorization: Bearer wrong~")
                + Post("/firehose", "{}", "Authorization: Bearer secret~")
                + Post("/firehose", "{}", $"Authorization: basic {Convert.ToBase64String("me:secret"u8)}~")));
        Assert.Equal(2, spool.Records.Count);
    }

    [Fact]
    public void Answer_ComesWhenTheRecordsAreKept()
    {
        ScriptedSpool spool = new() { IsManual = true };
        using ProxyRig rig = RelayRig.Create(spool);
        RigClient client = rig.ConnectHttp();

        client.Say(Post("/firehose", "{}") + "GET /ping HTTP/1.1~Host: h~~" + Post("/firehose-batch", "{}\n{}"));
        Assert.Equal("", client.Answers());
        spool.Settle();
        Assert.Equal($"{Ok}|{Ok}|200 OK {{\"status\": \"success\", \"records\": 2}}", client.Answers());

        client.Say(Post("/firehose", "{}"));
        spool.Settle("the disk is full");
        Assert.StartsWith("503 Service Unavailable~Retry-After: 1 {\"status\": \"unavailable\", \"error\": \"the record could not be kept", client.Answers(), StringComparison.Ordinal);
    }

    [Fact]
    public void FullSpool_IsAnErrorOrAWait()
    {
        int room = 0;
        ScriptedSpool spool = new() { Result = () => room-- > 0 ? WriteResult.Taken : WriteResult.Full };
        using (ProxyRig rig = RelayRig.Create(spool, pool: static pool => pool with { Smart = pool.Smart with { WhenFull = WhenFull.Error } }))
        {
            Assert.StartsWith("503 Service Unavailable~Retry-After: 1 ", rig.Fetch(Post("/firehose", "{}")), StringComparison.Ordinal);
        }

        using (ProxyRig rig = RelayRig.Create(spool))
        {
            room = 2;
            RigClient client = rig.ConnectHttp();
            client.Say(Post("/firehose-batch", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}"));
            Assert.Equal("", client.Answers());
            room = 2;
            rig.Advance(100);
            Assert.Equal("200 OK {\"status\": \"success\", \"records\": 3}", client.Answers());
            Assert.Equal(["1", "2", "3"], spool.Records.Select(static record => record[^3..^2]));
        }
    }

    [Theory]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Content-Length: 7~~{\"a\":1}")]
    [InlineData("POST /firehose HTTP/1.1~Host: h~Transfer-Encoding: chunked~~3~{\"a~4~\":1}~0~~")]
    [InlineData("POST /firehose-batch HTTP/1.1~Host: h~Content-Length: 16~~{\"a\":1}~{\"a\":2}")]
    public void RequestThatWaits_IsReadOnce(string request)
    {
        int room = 0;
        ScriptedSpool spool = new() { Result = () => room-- > 0 ? WriteResult.Taken : WriteResult.Full };
        using ProxyRig rig = RelayRig.Create(spool);
        long before = rig.State.Reactor.UnixMilliseconds;
        RigClient client = rig.ConnectHttp();
        client.Say(request);
        RigClient other = rig.ConnectHttp();
        other.Say(Post("/firehose-raw", "other"));
        rig.Advance(500);
        Assert.Equal("", client.Answers());

        room = 10;
        rig.Advance(500);

        Assert.StartsWith("200 OK ", client.Answers(), StringComparison.Ordinal);
        Assert.StartsWith("200 OK ", other.Answers(), StringComparison.Ordinal);
        Assert.Contains("other", spool.Records);
        Assert.All(spool.Records.Where(static record => record.Contains("\"a\"", StringComparison.Ordinal)), record => Assert.Contains($"{before}", record, StringComparison.Ordinal));
        client.Say(Post("/firehose", "{}"));
        Assert.StartsWith("200 OK ", client.Answers(), StringComparison.Ordinal);
    }

    [Fact]
    public void BatchOfWhichAPartIsLost_IsAnError()
    {
        int room = 1;
        ScriptedSpool spool = new() { IsManual = true, Result = () => room-- > 0 ? WriteResult.Taken : WriteResult.Full };
        using ProxyRig rig = RelayRig.Create(spool);
        RigClient client = rig.ConnectHttp();
        client.Say(Post("/firehose-batch", "{}\n{}"));
        spool.Settle("the disk is full");
        room = 1;
        rig.Advance(100);
        spool.Settle();

        Assert.StartsWith("503 ", client.Answers(), StringComparison.Ordinal);
    }

    [Fact]
    public void Client_ThatLeavesWhileItWaits_LeavesNothingBehind()
    {
        int room = 1;
        ScriptedSpool spool = new() { IsManual = true, Result = () => room-- > 0 ? WriteResult.Taken : WriteResult.Full };
        using ProxyRig rig = RelayRig.Create(spool);
        long before = rig.State.Reactor.Buffers.InUse;
        RigClient client = rig.ConnectHttp();
        client.Say(Post("/firehose-batch", "{}\n{}"));

        client.Dispose();
        room = 10;
        rig.Advance(100);
        spool.Settle();
        rig.Settle();

        Assert.Equal(before, rig.State.Reactor.Buffers.InUse);
        Assert.Equal(0, rig.State.ClientCount);
    }

    private static string Gzip(string text)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.Latin1.GetBytes(text));
        }

        return Encoding.Latin1.GetString(compressed.ToArray());
    }

    /// <summary>With CRLF as it is, since a compressed body may have any bytes.</summary>
    private static string PostRaw(string header, string body) => $"POST /firehose HTTP/1.1\r\nHost: h\r\n{header}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
