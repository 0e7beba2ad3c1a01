using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Memory.Memcached;

namespace Keyway.IntegrationTests.Memory;

/// <summary>Serves the memory server's memcached sessions on a port, each connection on a thread of its own.</summary>
internal sealed class SessionHost : IDisposable
{
    private readonly MemoryStore _store = new(64 << 20, TimeProvider.System);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public SessionHost()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket socket)
    {
        using (socket)
        {
            var session = new MemcachedSession(_store);
            var output = new ArrayBufferWriter<byte>();
            var buffer = new byte[16 * 1024];
            while (!session.HasEnded && socket.Receive(buffer) is var count and > 0)
            {
                session.Process(buffer.AsSpan(0, count), output);
                socket.Send(output.WrittenSpan);
                output.ResetWrittenCount();
            }
        }
    }
}
