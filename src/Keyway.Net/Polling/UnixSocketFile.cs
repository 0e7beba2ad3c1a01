using System.Net;
using System.Net.Sockets;

namespace Keyway.Net.Polling;

/// <summary>The file of a unix socket that is listened on.</summary>
internal static class UnixSocketFile
{
    /// <summary>Removes a file that a dead process left, so that bind works. A socket that somebody answers on is left alone.</summary>
    /// <exception cref="IOException">Somebody listens there, or the path is taken by something that is no socket.</exception>
    internal static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        // A socket has none of the attributes of a regular file's kind, but length 0; only connecting tells whether it is alive.
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            if (new FileInfo(path).Length > 0)
            {
                throw new IOException("the path is taken by a file that is no socket", e);
            }

            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }

        throw new IOException("another process listens on this socket");
    }

    internal static void ApplyMode(EndPoint endPoint, UnixFileMode? mode)
    {
        if (mode is not null && endPoint is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(endPoint.ToString()!, mode.Value);
        }
    }
}
