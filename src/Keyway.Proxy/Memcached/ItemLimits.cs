namespace Keyway.Proxy.Memcached;

/// <summary>
/// How large an item each server takes, as it says itself (<c>stats settings</c>) whenever it is connected to: a value that it must refuse is not to be
/// answered <c>STORED</c> before it is asked.
/// </summary>
internal sealed class ItemLimits
{
    /// <summary>No memcached can be told to take less (its option <c>-I</c>).</summary>
    private const long Least = 1024;

    /// <summary>What an item can take besides its key and its data: a header of 48 bytes, the unique number, flags and ends. No memcached takes this much.</summary>
    private const int Overhead = 128;

    private long[] _limits = [];

    /// <summary>True if the server is sure to take an item of this key and data, its memory permitting.</summary>
    /// <param name="server">Its number.</param>
    /// <param name="bytes">Bytes of both.</param>
    internal bool Fits(int server, long bytes) => bytes + Overhead <= (server < _limits.Length ? Math.Max(Least, _limits[server]) : Least);

    /// <summary>A server has said what it takes, in bytes.</summary>
    internal void Learn(int server, long limit)
    {
        if (server >= _limits.Length)
        {
            Array.Resize(ref _limits, server + 1);
        }

        _limits[server] = limit;
    }
}
