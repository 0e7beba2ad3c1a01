using System.Net;
using System.Net.Sockets;

namespace Keyway.Net.Polling;

/// <summary>The file of a unix socket that is listened on.</summary>
internal static class UnixSocketFile
{
    /// <summary>Removes a file that a dead process left, so that bind works. A socket that somebody answers on is left alone.</summary>
    /// <exception cref="IOException">Somebody listens there, the path is taken by something that is no socket, or its directory is missing.</exception>
    internal static void RemoveStale(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory && !Directory.Exists(directory))
        {
            throw new IOException($"there is no directory {directory}");
        }

        if (!File.Exists(path))
        {
            return;
        }

        // Only connecting tells whether it is alive; one that hangs with a full queue must not hold us up.
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            if (CanBeOpened(path))
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

    /// <summary>Sockets cannot; files of any other kind are somebody's. Both ways at once, so that opening a pipe does not wait for its other end.</summary>
    private static bool CanBeOpened(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    internal static void ApplyMode(EndPoint endPoint, UnixFileMode? mode)
    {
        if (mode is not null && endPoint is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(endPoint.ToString()!, mode.Value);
        }
    }
}
