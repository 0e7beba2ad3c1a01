using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Keyway.Proxy.Configuration;

namespace Keyway.WriteBehind.Sinks.RedisStream;

/// <summary>A connection that is logged in and in its database.</summary>
internal sealed class RedisStreamConnection : IDisposable
{
    private const int LongestLine = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _input = new byte[16 * 1024];
    private int _at;
    private int _end;

    private RedisStreamConnection(Stream stream) => _stream = stream;

    /// <exception cref="RedisRefusedException">The server refuses user, password or database.</exception>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    internal static async Task<RedisStreamConnection> OpenAsync(RedisAddress address, CancellationToken stop)
    {
        Socket socket = address.UnixPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Stream? stream = null;
        try
        {
            EndPoint server = address.UnixPath is { } path ? new UnixDomainSocketEndPoint(path) : new DnsEndPoint(address.Host, address.Port);
            await socket.ConnectAsync(server, stop).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            RedisStreamConnection connection = new(stream);
            await connection.LogInAsync(address, stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Adds the records; each has its own result.</summary>
    internal async Task<SinkResult> AddAsync(byte[] key, IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        ArrayBufferWriter<byte> output = new();
        foreach (SinkRecord record in records)
        {
            Begin(output, 5);
            Add(output, "XADD"u8);
            Add(output, key);
            Add(output, "*"u8);
            Add(output, "data"u8);
            Add(output, record.Data.Span);
        }

        // Answers are read while requests are written: a server that cannot send stops reading.
        Task writing = _stream.WriteAsync(output.WrittenMemory, stop).AsTask();
        List<FailedRecord> failed = [];
        for (int i = 0; i < records.Count; i++)
        {
            if (await ReadErrorAsync(stop).ConfigureAwait(false) is not { } error)
            {
                continue;
            }

            if (!RedisErrors.IsPassing(error))
            {
                throw new RedisRefusedException(error);
            }

            failed.Add(new FailedRecord(i, error, IsThrottled: error.StartsWith("OOM", StringComparison.Ordinal)));
        }

        await writing.ConfigureAwait(false);
        return failed.Count == 0 ? SinkResult.Ok : new SinkResult { Verdict = SinkVerdict.Accepted, Failed = failed, Reason = failed[0].Reason };
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private async Task LogInAsync(RedisAddress address, CancellationToken stop)
    {
        if (address.Password is { } password)
        {
            string[] request = address.User is { } user ? ["AUTH", user, password] : ["AUTH", password];
            await AskAsync(request, stop).ConfigureAwait(false);
        }

        if (address.Database > 0)
        {
            await AskAsync(["SELECT", address.Database.ToString(CultureInfo.InvariantCulture)], stop).ConfigureAwait(false);
        }
    }

    private async Task AskAsync(string[] arguments, CancellationToken stop)
    {
        ArrayBufferWriter<byte> request = new();
        Begin(request, arguments.Length);
        Array.ForEach(arguments, argument => Add(request, Encoding.UTF8.GetBytes(argument)));
        await _stream.WriteAsync(request.WrittenMemory, stop).ConfigureAwait(false);
        if (await ReadErrorAsync(stop).ConfigureAwait(false) is { } error)
        {
            throw new RedisRefusedException(error);
        }
    }

    private static void Begin(ArrayBufferWriter<byte> output, int arguments) =>
        output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{arguments}\r\n")));

    private static void Add(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> argument)
    {
        output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${argument.Length}\r\n")));
        output.Write(argument);
        output.Write("\r\n"u8);
    }

    /// <summary>Reads a reply; null unless it is an error.</summary>
    private async Task<string?> ReadErrorAsync(CancellationToken stop)
    {
        string line = await ReadLineAsync(stop).ConfigureAwait(false);
        if (line.StartsWith('-'))
        {
            return line[1..];
        }

        if (line.StartsWith('$') && int.TryParse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int length))
        {
            await SkipAsync(length < 0 ? 0 : length + 2, stop).ConfigureAwait(false);
            return null;
        }

        return line.StartsWith('+') || line.StartsWith(':') ? null : throw new IOException("the server's answer is none of Redis");
    }

    private async Task<string> ReadLineAsync(CancellationToken stop)
    {
        StringBuilder line = new();
        while (line.Length < LongestLine)
        {
            if (_at == _end)
            {
                await FillAsync(stop).ConfigureAwait(false);
            }

            int end = _input.AsSpan(_at, _end - _at).IndexOf((byte)'\n');
            int length = end < 0 ? _end - _at : end;
            line.Append(Encoding.Latin1.GetString(_input, _at, length));
            _at += length;
            if (end >= 0)
            {
                _at++;
                return line.ToString().TrimEnd('\r');
            }
        }

        throw new IOException("the server's answer is none of Redis");
    }

    private async Task SkipAsync(long length, CancellationToken stop)
    {
        while (length > 0)
        {
            if (_at == _end)
            {
                await FillAsync(stop).ConfigureAwait(false);
            }

            int step = (int)Math.Min(length, _end - _at);
            _at += step;
            length -= step;
        }
    }

    private async Task FillAsync(CancellationToken stop)
    {
        _at = 0;
        _end = await _stream.ReadAsync(_input, stop).ConfigureAwait(false);
        if (_end == 0)
        {
            throw new IOException("the server has closed the connection");
        }
    }
}
