using System.Net.Sockets;
using System.Text;

namespace Keyway.Testing;

/// <summary>One accepted connection of a <see cref="ScriptedServer"/>, in the hands of its script. Waits are bounded (10 s).</summary>
public sealed class ScriptedConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly Stream _input;
    private readonly Action<string[]> _seen;

    internal ScriptedConnection(Socket socket, int index, Action<string[]> seen)
    {
        _seen = seen;
        _socket = socket;
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = (int)ScriptedServer.WaitLimit.TotalMilliseconds;
        _input = new BufferedStream(new NetworkStream(socket, ownsSocket: false), 16 * 1024);
        Index = index;
    }

    /// <summary>0 for the server's first connection, 1 for the next.</summary>
    public int Index { get; }

    /// <summary>Reads one request, an array of bulk strings or a line of words; null when the peer has closed.</summary>
    public string[]? ReadRequest()
    {
        var request = ParseRequest();
        if (request is not null)
        {
            _seen(request);
        }

        return request;
    }

    /// <summary>Reads exactly so many bytes as Latin-1 text.</summary>
    public string ReadRaw(int count)
    {
        var bytes = new byte[count];
        _input.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Sends text as it is; characters are bytes (Latin-1).</summary>
    public void Write(string text) => _socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends text in pieces of at most <paramref name="size"/> bytes, each in a send of its own.</summary>
    public void WritePieces(string text, int size)
    {
        foreach (var piece in Encoding.Latin1.GetBytes(text).Chunk(size))
        {
            _socket.Send(piece);
        }
    }

    /// <summary>Waits until the test sets <paramref name="gate"/>; throws when it does not in time.</summary>
    public static void WaitFor(ManualResetEventSlim gate)
    {
        if (!gate.Wait(ScriptedServer.WaitLimit))
        {
            throw new TimeoutException("The test never opened the gate.");
        }
    }

    /// <summary>Waits until the peer closes (or resets); throws if it sends anything or stays.</summary>
    public void WaitForClose()
    {
        try
        {
            if (_input.ReadByte() is var next and >= 0)
            {
                throw new InvalidDataException($"Expected the connection's end, got byte {next}.");
            }
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // A reset is an end too.
        }
    }

    /// <summary>Ends the sending side only.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes in order.</summary>
    public void Close() => Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _socket.Dispose();
    }

    /// <summary>Closes with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    private string[]? ParseRequest()
    {
        var line = ReadLine();
        if (line is null)
        {
            return null;
        }

        if (!line.StartsWith('*'))
        {
            return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        var arguments = new string[int.Parse(line.AsSpan(1))];
        for (var i = 0; i < arguments.Length; i++)
        {
            var length = int.Parse((ReadLine() ?? throw new EndOfStreamException()).AsSpan(1));
            arguments[i] = ReadRaw(length + 2)[..length];
        }

        return arguments;
    }

    private string? ReadLine()
    {
        var line = new StringBuilder();
        while (_input.ReadByte() is var next and >= 0)
        {
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next);
        }

        return line.Length == 0 ? null : throw new EndOfStreamException($"The peer closed within a line: '{line}'");
    }
}
