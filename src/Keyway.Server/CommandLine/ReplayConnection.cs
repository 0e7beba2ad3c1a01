using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Keyway.Server.CommandLine;

/// <summary>Sends requests to a server one by one and reads the first line of each reply, which is all that a write has.</summary>
internal sealed class ReplayConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;
    private int _database;

    private ReplayConnection(TcpClient client)
    {
        _client = client;
        _stream = new BufferedStream(client.GetStream());
    }

    /// <exception cref="IOException">The address is none.</exception>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static ReplayConnection Open(string address)
    {
        int colon = address.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue)
        {
            throw new IOException($"'{address}' is not host:port");
        }

        return new ReplayConnection(new TcpClient(address[..colon].Trim('[', ']'), port));
    }

    /// <summary>Sends a request in a database; returns the line that it is answered with, or the error of SELECT.</summary>
    public string Send(int database, ReadOnlySpan<byte> frame)
    {
        if (database != _database)
        {
            string number = database.ToString(CultureInfo.InvariantCulture);
            string reply = Ask(Encoding.ASCII.GetBytes($"*2\r\n$6\r\nSELECT\r\n${number.Length}\r\n{number}\r\n"));
            if (reply.StartsWith('-'))
            {
                return reply;
            }

            _database = database;
        }

        return Ask(frame);
    }

    /// <summary>Sends a request of memcached's; returns the line that it is answered with.</summary>
    public string Send(ReadOnlySpan<byte> frame) => Ask(frame);

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private string Ask(ReadOnlySpan<byte> frame)
    {
        _stream.Write(frame);
        _stream.Flush();
        StringBuilder line = new();
        for (int letter = _stream.ReadByte(); letter != '\n'; letter = _stream.ReadByte())
        {
            if (letter < 0)
            {
                throw new IOException("the server has closed the connection");
            }

            line.Append((char)letter);
        }

        return line.ToString().TrimEnd('\r');
    }
}
