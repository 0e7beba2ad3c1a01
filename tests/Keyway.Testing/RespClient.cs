using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Keyway.Testing;

/// <summary>
/// A blocking client for RESP2 and RESP3, written apart from Keyway's own protocol code so that a mistake there is seen.
/// Every wait is bounded.
/// </summary>
public sealed class RespClient : IDisposable
{
    private readonly Socket _socket;
    private readonly Stream _input;

    private RespClient(Socket socket, TimeSpan timeout)
    {
        _socket = socket;
        _socket.ReceiveTimeout = (int)timeout.TotalMilliseconds;
        _socket.SendTimeout = (int)timeout.TotalMilliseconds;
        _input = new BufferedStream(new NetworkStream(socket, ownsSocket: false), 16 * 1024);
    }

    /// <summary>The socket, for tests of its options and of resets.</summary>
    public Socket Socket => _socket;

    /// <summary>Connects to a loopback port; waits at most <paramref name="timeout"/> (10 s by default) for each read.</summary>
    public static RespClient Connect(int port, TimeSpan? timeout = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        return Connect(socket, new IPEndPoint(IPAddress.Loopback, port), timeout);
    }

    /// <summary>Connects to a unix socket.</summary>
    public static RespClient ConnectUnix(string path, TimeSpan? timeout = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        return Connect(socket, new UnixDomainSocketEndPoint(path), timeout);
    }

    /// <summary>Sends one command and reads its reply.</summary>
    public RespValue Call(params string[] arguments)
    {
        Send(arguments);
        return ReadReply();
    }

    /// <summary>Sends one command; characters are bytes (Latin-1).</summary>
    public void Send(params string[] arguments) => SendRaw(Encode(arguments));

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Sends text as it is; characters are bytes (Latin-1).</summary>
    public void SendRaw(string text) => SendRaw(Encoding.Latin1.GetBytes(text));

    /// <summary>A command as an array of bulk strings.</summary>
    public static byte[] Encode(params string[] arguments)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{arguments.Length}\r\n");
        foreach (var argument in arguments)
        {
            text.Append(CultureInfo.InvariantCulture, $"${argument.Length}\r\n{argument}\r\n");
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>Reads one reply; throws <see cref="EndOfStreamException"/> if the peer has closed.</summary>
    public RespValue ReadReply()
    {
        var line = ReadLine();
        var (type, rest) = (line[0], line[1..]);
        switch (type)
        {
            case '$' or '!' or '=':
                var length = Number(rest);
                return length < 0 ? Null(type) : new RespValue(type, ReadBulk(length), []);
            case '*' or '~' or '>' or '%' or '|':
                var count = Number(rest);
                return count < 0 ? Null(type) : new RespValue(type, null, ReadItems(type is '%' or '|' ? count * 2 : count));
            case '_':
                return Null(type);
            case '+' or '-' or ':' or ',' or '#' or '(':
                return new RespValue(type, rest, []);
            default:
                throw new InvalidDataException($"Not a RESP type: '{line}'");
        }
    }

    /// <summary>Reads exactly so many bytes as Latin-1 text.</summary>
    public string ReadRaw(int count)
    {
        var bytes = new byte[count];
        _input.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Reads what there is, at least a byte, as Latin-1 text; empty at the end of the connection.</summary>
    public string ReadSome()
    {
        var bytes = new byte[4096];
        return Encoding.Latin1.GetString(bytes, 0, _input.Read(bytes));
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

    /// <summary>Ends the sending side only: the peer sees the end of the input and can still answer.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset instead of an orderly end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _socket.Dispose();
    }

    private static RespClient Connect(Socket socket, EndPoint address, TimeSpan? timeout)
    {
        try
        {
            socket.Connect(address);
            return new RespClient(socket, timeout ?? TimeSpan.FromSeconds(10));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static RespValue Null(char type) => new(type, null, []) { IsNull = true };

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private List<RespValue> ReadItems(int count)
    {
        var items = new List<RespValue>(count);
        for (var i = 0; i < count; i++)
        {
            items.Add(ReadReply());
        }

        return items;
    }

    private string ReadBulk(int length)
    {
        var text = ReadRaw(length);
        return ReadRaw(2) == "\r\n" ? text : throw new InvalidDataException("A bulk string without CRLF at its end.");
    }

    private string ReadLine()
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
                return line.Length > 2 && line[^2] == '\r'
                    ? line.ToString(0, line.Length - 2)
                    : throw new InvalidDataException($"A line without CRLF at its end: '{line}'");
            }
        }
    }
}
