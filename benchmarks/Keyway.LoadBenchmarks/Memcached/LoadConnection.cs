using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Keyway.LoadBenchmarks.Memcached;

/// <summary>A client: sends a batch of requests in one piece, and the next when all replies to it are here, as redis-benchmark does.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _requests;
    private readonly int[] _digits; // where the digits of each key are
    private readonly byte[] _reply;
    private readonly byte[] _replies;
    private ulong _random;
    private int _received;
    private long _sentAt;

    public LoadConnection(MemcachedScenario scenario, int port, int number)
    {
        _requests = [.. Enumerable.Repeat(scenario.Request(), scenario.Pipeline).SelectMany(static request => request)];
        _digits = [.. Enumerable.Range(0, _requests.Length - 4).Where(at => _requests.AsSpan(at).StartsWith("key:"u8)).Select(static at => at + 4)];
        _reply = scenario.Reply();
        _replies = new byte[_reply.Length * scenario.Pipeline];
        _random = 0x9E3779B97F4A7C15UL * (ulong)(number + 1);
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
    }

    /// <summary>The socket's descriptor.</summary>
    public int Descriptor => (int)_socket.Handle;

    /// <summary>Sends the next batch.</summary>
    public void Send()
    {
        foreach (var at in _digits)
        {
            WriteDigits(_requests.AsSpan(at, MemcachedScenario.KeyDigits), NextKey());
        }

        _received = 0;
        _sentAt = Stopwatch.GetTimestamp();

        // A batch is far smaller than the buffers of the kernel, and nothing else is in them.
        _socket.Send(_requests);
    }

    /// <summary>Takes what has come. True with the time since the batch was sent when its last reply is here; throws when a reply is not the right one.</summary>
    public bool Receive(out long ticks)
    {
        var count = _socket.Receive(_replies.AsSpan(_received));
        if (count == 0)
        {
            throw new EndOfStreamException($"The connection was closed after: {Received}");
        }

        _received += count;
        ticks = 0;
        if (_received < _replies.Length)
        {
            return false;
        }

        ticks = Stopwatch.GetTimestamp() - _sentAt;
        for (var at = 0; at < _replies.Length; at += _reply.Length)
        {
            // The rest differs from reply to reply, or would have another length if it were not right.
            if (_replies[at] != _reply[0] || _replies[at + _reply.Length - 3] != _reply[^3])
            {
                throw new InvalidDataException($"Not the replies that were due: {Received}");
            }
        }

        return true;
    }

    /// <summary>What has come of the replies, for error messages.</summary>
    public string Received => Encoding.Latin1.GetString(_replies, 0, _received);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static void WriteDigits(Span<byte> digits, int number)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }

    // xorshift64: a load generator must not be what is measured.
    private int NextKey()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return (int)(_random % Scenario.Keys);
    }
}
