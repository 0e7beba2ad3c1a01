using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Keyway.Testing;

/// <summary>
/// A blocking client for memcached's text and meta protocols that shows every byte: characters are bytes (Latin-1). Written apart from
/// Keyway's own protocol code, and every wait is bounded.
/// </summary>
public sealed class MemcachedClient : IDisposable
{
    private readonly Stream _input;

    private MemcachedClient(Socket socket, TimeSpan timeout)
    {
        Socket = socket;
        socket.ReceiveTimeout = (int)timeout.TotalMilliseconds;
        socket.SendTimeout = (int)timeout.TotalMilliseconds;
        _input = new BufferedStream(new NetworkStream(socket, ownsSocket: false), 16 * 1024);
    }

    /// <summary>The socket, for tests of how a connection ends.</summary>
    public Socket Socket { get; }

    /// <summary>Connects to a loopback port; waits at most <paramref name="timeout"/> (10 s by default) for each read.</summary>
    public static MemcachedClient Connect(int port, TimeSpan? timeout = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return new MemcachedClient(socket, timeout ?? TimeSpan.FromSeconds(10));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends text as it is.</summary>
    public void Send(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.Latin1.GetBytes(text);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Socket.Send(bytes)..];
        }
    }

    /// <summary>Sends a request and reads the one line that answers it, without its end.</summary>
    public string Call(string request)
    {
        Send(request);
        return ReadLine();
    }

    /// <summary>Stores a value; returns the answer.</summary>
    public string Set(string key, string value) => Call(string.Create(CultureInfo.InvariantCulture, $"set {key} 0 0 {value.Length}\r\n{value}\r\n"));

    /// <summary>The value of a key, null if it has none; throws when the answer is an error.</summary>
    public string? Get(string key)
    {
        Send($"get {key}\r\n");
        var (values, end) = ReadValues();
        return end == "END" ? values.GetValueOrDefault(key) : throw new InvalidDataException(end);
    }

    /// <summary>Reads the answer to a get of one or several keys: its values, and the line in which it ends, <c>END</c> or an error.</summary>
    public (Dictionary<string, string> Values, string End) ReadValues()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var line = ReadLine();
            var words = line.Split(' ');
            if (words[0] != "VALUE")
            {
                return (values, line);
            }

            values[words[1]] = ReadRaw(int.Parse(words[3], CultureInfo.InvariantCulture));
            if (ReadLine().Length > 0)
            {
                throw new InvalidDataException($"A value of {words[1]} without CRLF at its end.");
            }
        }
    }

    /// <summary>Reads a line, without its end; throws <see cref="EndOfStreamException"/> if the peer has closed.</summary>
    public string ReadLine()
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = _input.ReadByte();
            if (next < 0)
            {
                throw new EndOfStreamException($"The peer closed the connection after '{line}'.");
            }

            line.Append((char)next);
            if (next == '\n')
            {
                return line.Length > 1 && line[^2] == '\r'
                    ? line.ToString(0, line.Length - 2)
                    : throw new InvalidDataException($"A line without CRLF at its end: '{line}'");
            }
        }
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public string ReadRaw(int count)
    {
        var bytes = new byte[count];
        _input.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Whether the peer closes the connection (or resets it) without sending anything more.</summary>
    public bool IsClosedByPeer()
    {
        try
        {
            return _input.ReadByte() < 0;
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        Socket.Dispose();
    }
}
