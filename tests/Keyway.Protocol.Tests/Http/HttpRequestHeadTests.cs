using System.Text;
using Keyway.Protocol.Http;

namespace Keyway.Protocol.Tests.Http;

public sealed class HttpRequestHeadTests
{
    [Fact]
    public void Head_OfARequest_IsUnderstood()
    {
        HttpRequestHead head = new();
        byte[] bytes = "POST http://h:1/a/b?c=d HTTP/1.1\r\nHost: h\r\ncontent-LENGTH:\t42 \r\nContent-Encoding: GZIP\r\nContent-Type: application/x-ndjson; charset=utf-8\r\nExpect: 100-Continue\r\nAuthorization: Bearer x y\r\nConnection: a , Close\r\n\r\n"u8.ToArray();

        Assert.Equal(0, head.Parse(bytes));
        Assert.Equal((HttpVerb.Post, 42, HttpCoding.Gzip), (head.Verb, head.ContentLength, head.Coding));
        Assert.True(head is { IsNdjson: true, ExpectsContinue: true, IsVersion11: true, KeepsAlive: false, IsChunked: false });
        Assert.Equal("/a/b", Encoding.Latin1.GetString(head.Path(bytes)));
        Assert.Equal("Bearer x y", Encoding.Latin1.GetString(head.Authorization(bytes)));
    }

    [Fact]
    public void Head_AfterAnother_HasNothingOfIt()
    {
        HttpRequestHead head = new();
        head.Parse("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nAuthorization: x\r\nConnection: close\r\n\r\n"u8);
        byte[] next = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray();

        Assert.Equal(0, head.Parse(next));
        Assert.True(head is { IsChunked: false, HasAuthorization: false, KeepsAlive: true, ContentLength: -1 });
        Assert.Equal("/", Encoding.Latin1.GetString(head.Path(next)));
    }

    [Fact]
    public void Head_OfRandomBytes_IsUnderstoodOrRefused()
    {
        Random random = new(9);
        byte[] whole = "POST /firehose HTTP/1.1\r\nHost: h\r\nContent-Length: 42\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nX: y\r\n\r\n"u8.ToArray();
        HttpRequestHead head = new();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. whole];
            for (int i = random.Next(4); i >= 0; i--)
            {
                bytes[random.Next(bytes.Length - 4)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)" \r\n\t:,\0"[random.Next(7)];
            }

            int status = head.Parse(bytes);
            Assert.True(status is 0 or 400 or 417 or 501 or 505, $"{status}");
            Assert.False(status == 0 && head is { IsChunked: true, ContentLength: >= 0 });
        }
    }
}
