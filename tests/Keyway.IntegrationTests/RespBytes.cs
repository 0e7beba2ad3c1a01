using Keyway.Protocol.Resp;
using Keyway.Testing;

namespace Keyway.IntegrationTests;

/// <summary>Replies of a real server byte by byte, where a test compares more than their meaning.</summary>
internal static class RespBytes
{
    /// <summary>Sends one request as it is and returns the bytes of its reply, as long as that is.</summary>
    public static byte[] CallRaw(this RespClient client, byte[] request)
    {
        client.SendRaw(request);
        byte[] received = new byte[64 * 1024];
        RespFrameScanner scanner = new();
        List<byte> reply = [];
        while (true)
        {
            ReadOnlySpan<byte> piece = received.AsSpan(0, client.Socket.Receive(received));
            ScanStatus status = scanner.Scan(piece, RespLimits.Default, out int consumed);
            Assert.Equal(piece.Length, consumed);
            Assert.NotEqual(ScanStatus.Error, status);
            reply.AddRange(piece);
            if (status == ScanStatus.Complete)
            {
                return [.. reply];
            }
        }
    }
}
