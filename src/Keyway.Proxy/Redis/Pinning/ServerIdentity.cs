using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis.Pinning;

/// <summary>The number that a server has given to a pinned connection: CLIENT UNBLOCK takes it.</summary>
internal static class ServerIdentity
{
    /// <summary>Asks once for each connection, ahead of what is sent next. 0 is kept if the server does not tell.</summary>
    internal static void Ask(PinnedConnection pin)
    {
        if (pin.IsAskedForId)
        {
            return;
        }

        pin.IsAskedForId = true;
        Question.Ask(
            pin.Connection,
            static output => output.WriteRequest("CLIENT", "ID"),
            (reply, _) => pin.ServerId = reply is [(byte)':', ..] && RespLength.TryParse(reply.AsSpan(1).TrimEnd("\r\n"u8), out long id) ? id : 0);
    }
}
