using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Keyway.IntegrationTests.Commands;

/// <summary>A redis-server of the test's own on a free loopback port, and one connection to it.</summary>
public sealed class LoneRedis : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("keyway-redis-");
    private readonly TcpClient _client = new();
    private readonly Stream _stream;

    public LoneRedis()
    {
        int port = FreePort();
        ProcessStartInfo start = new("redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--dir", _directory.FullName])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start)!;
        if (!WaitUntilReady().Wait(Limit))
        {
            throw new TimeoutException("redis-server did not start.");
        }

        _client.Connect(IPAddress.Loopback, port);
        _client.ReceiveTimeout = (int)Limit.TotalMilliseconds;
        _stream = new BufferedStream(_client.GetStream());
    }

    /// <summary>Sends a request and reads the reply as text: scalars as they are, arrays with their elements separated by spaces.</summary>
    public string Ask(params string[] words)
    {
        StringBuilder request = new($"*{words.Length}\r\n");
        foreach (string word in words)
        {
            request.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        }

        _stream.Write(Encoding.ASCII.GetBytes(request.ToString()));
        _stream.Flush();
        return ReadReply();
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit(Limit);
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task WaitUntilReady()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ready to accept connections"))
        {
        }
    }

    private string ReadReply()
    {
        string line = ReadLine();
        switch (line[0])
        {
            case '$':
                byte[] bytes = new byte[int.Parse(line[1..], CultureInfo.InvariantCulture) + 2];
                _stream.ReadExactly(bytes);
                return Encoding.ASCII.GetString(bytes.AsSpan(0, bytes.Length - 2));
            case '*':
                return string.Join(' ', Enumerable.Range(0, int.Parse(line[1..], CultureInfo.InvariantCulture)).Select(_ => ReadReply()));
            case '-':
                return line;
            default:
                return line[1..];
        }
    }

    private string ReadLine()
    {
        StringBuilder line = new();
        for (int next = _stream.ReadByte(); next != '\n'; next = _stream.ReadByte())
        {
            line.Append(next >= 0 ? (char)next : throw new EndOfStreamException());
        }

        return line.ToString().TrimEnd('\r');
    }
}
