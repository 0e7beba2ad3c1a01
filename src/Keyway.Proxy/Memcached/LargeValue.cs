using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Memcached;

/// <summary>
/// A value on its way: its bytes are passed on as they come, on a connection of its own, so that it neither has to fit in a buffer nor delays the
/// small requests of others. Whether it ends with CRLF is its server's to find out.
/// </summary>
internal sealed class LargeValue(ServerConnection connection, Request request, long length)
{
    private long _left = length + 2;

    /// <summary>True when the last byte has been passed on.</summary>
    internal bool IsWhole => _left == 0;

    /// <summary>The connection that it goes through.</summary>
    internal ServerConnection Connection => connection;

    /// <summary>Passes on what belongs to the value, and says how many bytes that were; when its server has gone, they are swallowed.</summary>
    internal int Pass(ReadOnlySpan<byte> bytes)
    {
        int count = (int)Math.Min(_left, bytes.Length);
        _left -= count;
        if (!connection.IsClosed && count > 0)
        {
            connection.Continue(request).Write(bytes[..count]);
        }

        if (_left == 0)
        {
            connection.EndLarge();
        }

        return count;
    }

    /// <summary>The client has gone: the server must not take what came so far for the value.</summary>
    internal void Abort() => connection.Close("the client ended within a large value");
}
