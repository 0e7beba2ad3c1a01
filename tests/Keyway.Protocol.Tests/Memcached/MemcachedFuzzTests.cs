using System.Text;
using Keyway.Protocol.Memcached;

namespace Keyway.Protocol.Tests.Memcached;

/// <summary>Streams of words that nearly make sense: however they are cut, the same requests and replies come out, and nothing throws.</summary>
public sealed class MemcachedFuzzTests
{
    private const int Streams = 300;

    private static readonly string[] RequestWords =
    [
        "get", "gets", "gat", "set", "cas", "add", "incr", "delete", "touch", "mg", "ms", "md", "ma", "mn", "me", "flush_all", "verbosity", "stats",
        " ", " ", " ", " ", "\r\n", "\r\n", "\r\n", "\n", "\r", "\0", "a", "key", "0", "1", "3", "-1", "+2", "007", "4294967296", "noreply", "q", "b", "N0", "O1", "HTTP/1.1",
    ];

    private static readonly string[] ReplyWords =
    [
        "VALUE k 0 3\r\n", "VALUE k 0 1 9\r\n", "abc\r\n", "x\r\n", "END\r\n", "STORED\r\n", "HD\r\n", "VA 1 k\r\n", "EN\r\n", "MN\r\n", "STAT a 1\r\n", "ERROR\r\n",
        "CLIENT_ERROR x\r\n", "SERVER_ERROR y\r\n", "12 \r\n", "\r\n", "\r", "\n", "VA -1\r\n", "OK\r\n",
    ];

    [Fact]
    public void Requests_CutAnyhow_AreTheSame()
    {
        Random random = new(1);
        for (int i = 0; i < Streams; i++)
        {
            byte[] stream = Stream(random, RequestWords);

            Assert.Equal(Requests(stream, stream.Length, random), Requests(stream, 5, random));
        }
    }

    [Fact]
    public void Replies_CutAnyhow_AreTheSame()
    {
        Random random = new(2);
        for (int i = 0; i < Streams; i++)
        {
            byte[] stream = Stream(random, ReplyWords);
            foreach (MemcachedReplyKind kind in Enum.GetValues<MemcachedReplyKind>())
            {
                Assert.Equal(Replies(stream, kind, stream.Length, random), Replies(stream, kind, 5, random));
            }
        }
    }

    private static byte[] Stream(Random random, string[] words) =>
        Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => words[random.Next(words.Length)])));

    /// <summary>What is found when pieces of at most so many bytes come one after the other.</summary>
    private static string Requests(byte[] stream, int mostAtATime, Random random)
    {
        StringBuilder found = new();
        MemcachedRequest request = new();
        MemcachedScanState state = default;
        int at = 0;
        for (int have = 0; have < stream.Length;)
        {
            have = mostAtATime >= stream.Length ? stream.Length : Math.Min(stream.Length, have + random.Next(1, mostAtATime + 1));
            while (at < have)
            {
                ScanStatus status = MemcachedRequestScanner.Scan(stream.AsSpan(at, have - at), ref state, request, maxData: 100, out int length);
                if (status == ScanStatus.NeedMore)
                {
                    break;
                }

                found.Append(status).Append(length).Append(request.Error).Append(request.Words.Count).Append(request.IsPlain).Append(request.IsSilent).Append(';');
                Assert.InRange(length, 1, have - at);
                at += length;
            }
        }

        return found.Append(at).ToString();
    }

    private static string Replies(byte[] stream, MemcachedReplyKind kind, int mostAtATime, Random random)
    {
        StringBuilder found = new();
        MemcachedReplyScanner scanner = default;
        int at = 0;
        for (int have = 0; have < stream.Length;)
        {
            have = mostAtATime >= stream.Length ? stream.Length : Math.Min(stream.Length, have + random.Next(1, mostAtATime + 1));
            while (at < have)
            {
                ScanStatus status = scanner.Scan(stream.AsSpan(at, have - at), kind, out int length);
                at += length;
                if (status == ScanStatus.Error)
                {
                    return found.Append("error").ToString();
                }

                if (status == ScanStatus.NeedMore)
                {
                    break;
                }

                found.Append(at).Append(';');
            }
        }

        return found.ToString();
    }
}
