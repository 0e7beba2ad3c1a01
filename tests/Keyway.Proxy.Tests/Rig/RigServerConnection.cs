using System.Net.Sockets;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>The server's end of one connection of the pool.</summary>
internal sealed class RigServerConnection(Socket socket) : RigSocket(socket)
{
    /// <summary>The requests that have come by now, one a string with its words between blanks.</summary>
    public string[] Requests() =>
    [
        .. ReceiveText().Split('*', StringSplitOptions.RemoveEmptyEntries)
            .Select(static request => string.Join(' ', request.Split('~', StringSplitOptions.RemoveEmptyEntries).Skip(1).Where(static line => line[0] != '$'))),
    ];
}
