using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Keyway.Protocol.Resp;

namespace Keyway.IntegrationTests.Memory;

/// <summary>A redis-server of its own on a free port and one connection to it, to compare replies with.</summary>
public sealed class ReferenceRedis : IDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly int _port = FreePort();
    private readonly Socket _socket;
    private readonly byte[] _received = new byte[64 * 1024];

    public ReferenceRedis()
    {
        string[] arguments = ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _socket = Connect(_port);
    }

    /// <summary>Sends one request and returns its reply, as long as that is.</summary>
    public byte[] Ask(byte[] request) => Ask(_socket, request);

    /// <summary>As <see cref="Ask(byte[])"/> on a new connection, for requests after which Redis closes.</summary>
    public byte[] AskAnew(byte[] request)
    {
        using Socket socket = Connect(_port);
        return Ask(socket, request);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private byte[] Ask(Socket socket, byte[] request)
    {
        socket.Send(request);
        var scanner = new RespFrameScanner();
        var reply = new List<byte>();
        while (true)
        {
            ReadOnlySpan<byte> piece = _received.AsSpan(0, socket.Receive(_received));
            ScanStatus status = scanner.Scan(piece, RespLimits.Default, out int consumed);
            Assert.Equal(piece.Length, consumed);
            Assert.NotEqual(ScanStatus.Error, status);
            reply.AddRange(piece);
            if (status == ScanStatus.Complete)
            {
                return [.. reply];
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Socket Connect(int port)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = (int)StartBound.TotalMilliseconds,
            };
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return socket;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < StartBound)
            {
                socket.Dispose();
                Thread.Sleep(20);
            }
        }
    }
}
