using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Cluster;

/// <summary>Where a node sends a request instead: <c>-MOVED slot host:port</c> for good, <c>-ASK slot host:port</c> for this one request.</summary>
/// <param name="IsAsk">True for ASK.</param>
/// <param name="Slot">0 to 16383.</param>
/// <param name="Host">IPv4 or IPv6 address or host name; empty for "the host that said so".</param>
/// <param name="Port">TCP port.</param>
public readonly record struct Redirect(bool IsAsk, int Slot, string Host, int Port)
{
    /// <summary>Reads an error reply, with its type byte and its CRLF.</summary>
    /// <returns>False when it is no redirect, or one that makes no sense.</returns>
    public static bool TryParse(ReadOnlySpan<byte> reply, out Redirect redirect)
    {
        redirect = default;
        bool isAsk = reply.StartsWith("-ASK "u8);
        if (!isAsk && !reply.StartsWith("-MOVED "u8))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = reply[(isAsk ? 5 : 7)..].TrimEnd("\r\n"u8);
        int space = rest.IndexOf((byte)' ');
        int colon = rest.LastIndexOf((byte)':');
        if (space < 0 || colon < space
            || !RespLength.TryParse(rest[..space], out long slot) || slot is < 0 or >= SlotRange.SlotCount
            || !RespLength.TryParse(rest[(colon + 1)..], out long port) || port is <= 0 or > ushort.MaxValue)
        {
            return false;
        }

        string host = Encoding.UTF8.GetString(rest[(space + 1)..colon]);
        redirect = new Redirect(isAsk, (int)slot, host is "?" ? "" : host, (int)port);
        return true;
    }
}
