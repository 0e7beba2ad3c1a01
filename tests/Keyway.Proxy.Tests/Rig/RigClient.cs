using System.Net.Sockets;
using System.Text;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>A client of the rig's pool.</summary>
internal sealed class RigClient : RigSocket
{
    private readonly ProxyRig _rig;

    public RigClient(ProxyRig rig, string path)
        : base(Connect(path)) => _rig = rig;

    /// <summary>Sends requests, one a string with its words between blanks, in one piece, and lets them reach their servers.</summary>
    public void Ask(params string[] requests)
    {
        Assert.True(TrySend([.. requests.SelectMany(static request => RespClient.Encode(request.Split(' ')))]));
        _rig.Settle();
    }

    /// <summary>Sends text as it stands, <c>~</c> for CRLF, and lets it reach its servers.</summary>
    public void Say(string text)
    {
        SendText(text);
        _rig.Settle();
    }

    /// <summary>The replies that have come by now, with <c>~</c> for CRLF, those included that leave when others are taken.</summary>
    public string Replies()
    {
        StringBuilder all = new();
        string some;
        do
        {
            _rig.Settle();
            some = ReceiveText();
            all.Append(some);
        }
        while (some.Length > 0);
        return all.ToString();
    }

    private static Socket Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
