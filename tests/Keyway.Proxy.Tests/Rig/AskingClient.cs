namespace Keyway.Proxy.Tests.Rig;

/// <summary>Asks for keys that an <see cref="EchoServer"/> answers with themselves, and knows what must come.</summary>
internal sealed class AskingClient(RigClient client)
{
    private readonly Queue<string> _expected = new();
    private string _received = "";

    /// <summary>Replies that have not come.</summary>
    public int Awaited => _expected.Count;

    /// <summary>Sends one to four random requests.</summary>
    public void Ask(Random random, string[] keys)
    {
        string[] requests = new string[random.Next(1, 5)];
        for (int i = 0; i < requests.Length; i++)
        {
            string[] some = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => keys[random.Next(keys.Length)])];
            (requests[i], string reply) = random.Next(5) switch
            {
                0 => ("PING", "+PONG~"),
                < 3 => ("MGET " + string.Join(' ', some), $"*{some.Length}~" + string.Concat(some.Select(Bulk))),
                _ => ("GET " + some[0], Bulk(some[0])),
            };
            _expected.Enqueue(reply);
        }

        client.Ask(requests);
    }

    /// <summary>Holds what has come against what must; returns how many whole replies came.</summary>
    public int Check()
    {
        _received += client.ReceiveText();
        int answered = 0;
        while (_received.Length > 0 && _expected.TryPeek(out string? expected))
        {
            int length = _received[0] == '-' ? _received.IndexOf('~', StringComparison.Ordinal) + 1 : expected.Length;
            if (length == 0 || _received.Length < length)
            {
                break;
            }

            string reply = _received[..length];
            Assert.True(reply == expected || IsFailure(reply), $"{reply} instead of {expected}");
            _received = _received[length..];
            _expected.Dequeue();
            answered++;
        }

        Assert.True(_expected.Count > 0 || _received.Length == 0, $"nobody asked for {_received}");
        return answered;
    }

    /// <summary>Closes the connection.</summary>
    public void Leave() => client.Dispose();

    private static bool IsFailure(string reply) =>
        reply.StartsWith("-ERR timeout", StringComparison.Ordinal) || reply.StartsWith("-ERR connection", StringComparison.Ordinal);

    private static string Bulk(string text) => $"${text.Length}~{text}~";
}
