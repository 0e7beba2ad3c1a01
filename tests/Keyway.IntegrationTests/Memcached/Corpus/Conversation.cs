using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>Holds an exchange with a peer and takes down everything that comes back.</summary>
internal static class Conversation
{
    // A miss that names itself: nothing else can be answered so. A value whose end is missing may swallow the first.
    private const string Question = "md kw-end Oend-1 k\r\nmd kw-end Oend-2 k\r\n";
    private const string End = "NF Oend-2 kkw-end\r\n";

    // A peer that has something to say says it sooner; only the exchanges that wait for more come to this.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The oracle's side: waits for the end, or until nothing comes any more.</summary>
    public static Answer Hold(int port, Exchange exchange) => Hold(port, exchange, expected: null);

    /// <summary>The other side: waits for as much as the oracle has said, and a moment longer, so that more would be seen.</summary>
    public static Answer Hold(int port, Exchange exchange, Answer? expected)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        var received = new StringBuilder();
        var fate = Fate.Open;
        try
        {
            foreach (var piece in exchange.IsClosing ? exchange.Pieces() : exchange.Pieces().Append(Encoding.Latin1.GetBytes(Question)))
            {
                SendAll(socket, piece, received);
            }

            fate = Listen(socket, received, expected);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            fate = Fate.Closed;
        }

        return new Answer(received.ToString(), fate);
    }

    private static Fate Listen(Socket socket, StringBuilder received, Answer? expected)
    {
        var clock = Stopwatch.StartNew();
        while (!EndsWith(received, End))
        {
            var isAllThere = expected is null || (expected.Fate == Fate.Waiting && received.Length >= expected.Text.Length);
            var patience = isAllThere ? Silence : Limit - clock.Elapsed;
            if (patience <= TimeSpan.Zero || !socket.Poll(patience, SelectMode.SelectRead))
            {
                return Fate.Waiting;
            }

            if (!Receive(socket, received))
            {
                return Fate.Closed;
            }
        }

        return Fate.Open;
    }

    // Reads meanwhile: a peer that waits for its answers to be taken does not read.
    private static void SendAll(Socket socket, ReadOnlyMemory<byte> piece, StringBuilder received)
    {
        while (!piece.IsEmpty)
        {
            if (!socket.Poll(TimeSpan.FromMilliseconds(1), SelectMode.SelectWrite))
            {
                if (socket.Poll(TimeSpan.FromMilliseconds(1), SelectMode.SelectRead) && !Receive(socket, received))
                {
                    return;
                }

                continue;
            }

            piece = piece[socket.Send(piece.Span[..Math.Min(piece.Length, 64 * 1024)])..];
        }
    }

    private static bool Receive(Socket socket, StringBuilder received)
    {
        var buffer = new byte[64 * 1024];
        var count = socket.Receive(buffer);
        received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return count > 0;
    }

    private static bool EndsWith(StringBuilder text, string end) =>
        text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;
}
