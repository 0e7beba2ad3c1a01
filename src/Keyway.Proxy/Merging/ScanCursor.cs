using System.Globalization;
using System.Numerics;

namespace Keyway.Proxy.Merging;

/// <summary>
/// Where a client's SCAN over all servers of a pool stands: which server, and that server's own cursor. What the client sees is one number,
/// <c>position &lt;&lt; bits | server</c> with bits = ceil(log2(servers)): 0 both begins and ends the scan, and a pool of one server shows its cursors unchanged.
/// </summary>
/// <param name="Server">Index of the server, 0 up.</param>
/// <param name="Position">The cursor to send to it.</param>
public readonly record struct ScanCursor(int Server, ulong Position)
{
    /// <summary>Longest decimal form of a cursor: 2^64 - 1.</summary>
    internal const int MaxDigits = 20;

    /// <summary>Redis's own error for a client's cursor that <see cref="TryParse"/> refuses, without type byte and CRLF.</summary>
    public static ReadOnlySpan<byte> InvalidError => "ERR invalid cursor"u8;

    /// <summary>The error when a server's cursor leaves no room for the server's index, without type byte and CRLF.</summary>
    public static ReadOnlySpan<byte> OverflowError => "ERR SCAN cursor of a server is too large to carry the server's index"u8;

    /// <summary>Reads a client's cursor.</summary>
    /// <param name="text">Decimal digits.</param>
    /// <param name="servers">Servers of the pool, 1 or more; the same for all cursors of a scan.</param>
    /// <param name="cursor">What it stands for.</param>
    /// <returns>False if it is no number below 2^64 or names a server that is not there: answer <see cref="InvalidError"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, int servers, out ScanCursor cursor)
    {
        cursor = default;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var bits = Bits(servers);
        cursor = new ScanCursor((int)(number & ((1UL << bits) - 1)), number >> bits);
        return cursor.Server < servers;
    }

    /// <summary>The number for the client; false if it does not fit in 64 bits.</summary>
    /// <param name="servers">Servers of the pool, as for <see cref="TryParse"/>.</param>
    /// <param name="number">The cursor as the client is to see it.</param>
    public bool TryEncode(int servers, out ulong number)
    {
        var bits = Bits(servers);
        number = (Position << bits) | (uint)Server;
        return number >> bits == Position;
    }

    /// <summary>Where the scan stands after this cursor's server answered with <paramref name="position"/>.</summary>
    /// <param name="position">The server's new cursor; 0 goes on to the next server, after the last one to the end.</param>
    /// <param name="servers">Servers of the pool, as for <see cref="TryParse"/>.</param>
    public ScanCursor After(ulong position, int servers)
    {
        if (position != 0)
        {
            return new ScanCursor(Server, position);
        }

        return Server + 1 < servers ? new ScanCursor(Server + 1, 0) : default;
    }

    private static int Bits(int servers) => BitOperations.Log2((uint)servers - 1) + (servers > 1 ? 1 : 0);
}
