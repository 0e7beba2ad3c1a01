using Keyway.Testing;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>The same requests again and again, by clients and servers that only count bytes.</summary>
internal sealed class Traffic
{
    private const int MostTurns = 100;

    private readonly ProxyRig _rig;
    private readonly RigClient[] _clients;
    private readonly byte[] _requests;
    private readonly int[] _awaited;
    private readonly RigServerConnection[] _servers;
    private readonly byte[][] _replies;
    private readonly int[] _share;
    private readonly int[] _taken;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly int _replyLength;

    /// <summary>Sends the requests once, to learn how many bytes of them reach each server and how many come back.</summary>
    /// <param name="rig">The pool.</param>
    /// <param name="clients">How many clients send the requests.</param>
    /// <param name="requests">What each client sends in one piece, one request a string with its words between blanks.</param>
    /// <param name="replies">What each server answers to its share of that, <c>~</c> for CRLF.</param>
    /// <param name="expected">What each client gets.</param>
    public Traffic(ProxyRig rig, int clients, string[] requests, string[] replies, string expected)
        : this(rig, clients, [.. requests.SelectMany(static request => RespClient.Encode(request.Split(' ')))], replies, expected)
    {
    }

    /// <summary>As the other, with the requests of one client as they go over the wire.</summary>
    public Traffic(ProxyRig rig, int clients, byte[] requests, string[] replies, string expected)
    {
        _rig = rig;
        _clients = [.. Enumerable.Range(0, clients).Select(_ => rig.Connect())];
        _requests = requests;
        _replies = [.. replies.Select(RigSocket.Bytes)];
        _replyLength = RigSocket.Bytes(expected).Length;
        _awaited = new int[clients];
        _taken = new int[replies.Length];
        Assert.True(_clients[0].TrySend(_requests));
        rig.Settle();
        _servers = [.. rig.Servers.Select(static server => server.Last)];
        _share = [.. _servers.Select(server => server.Receive(_buffer))];
        for (int i = 0; i < _servers.Length; i++)
        {
            Assert.True(_servers[i].TrySend(_replies[i]));
        }

        Assert.Equal(expected, _clients[0].Replies());
    }

    /// <summary>Every client sends its requests and gets its replies.</summary>
    public void Round()
    {
        for (int i = 0; i < _clients.Length; i++)
        {
            Assert.True(_clients[i].TrySend(_requests));
            _awaited[i] = _replyLength;
        }

        int turns = 0;
        bool isDone;
        do
        {
            Assert.True(++turns <= MostTurns, "no replies");
            _rig.Turn();
            Serve();
            isDone = Receive();
        }
        while (!isDone);
    }

    private void Serve()
    {
        for (int i = 0; i < _servers.Length; i++)
        {
            _taken[i] += _servers[i].Receive(_buffer);
            for (; _taken[i] >= _share[i]; _taken[i] -= _share[i])
            {
                Assert.True(_servers[i].TrySend(_replies[i]));
            }
        }
    }

    private bool Receive()
    {
        bool isDone = true;
        for (int i = 0; i < _clients.Length; i++)
        {
            _awaited[i] -= _clients[i].Receive(_buffer);
            isDone &= _awaited[i] == 0;
        }

        return isDone;
    }
}
