using Keyway.Net.Polling;

namespace Keyway.Net;

/// <summary>A client's socket between its listener and the reactor that will own it. Whoever holds it gives it to a <see cref="Connection"/> or closes it.</summary>
public readonly struct AcceptedSocket
{
    internal AcceptedSocket(NetSocket socket) => Socket = socket;

    internal NetSocket Socket { get; }

    /// <summary>Closes the socket without a word.</summary>
    public void Close() => Socket.Close();
}
