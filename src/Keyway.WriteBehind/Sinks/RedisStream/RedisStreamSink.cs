using System.Net.Sockets;
using System.Text;
using Keyway.Proxy.Configuration;

namespace Keyway.WriteBehind.Sinks.RedisStream;

/// <summary>Adds each record to a stream of a Redis server: <c>XADD stream * data RECORD</c>, a batch in one pipeline.</summary>
/// <remarks>One connection, one batch at a time: the server is one thread anyway.</remarks>
public sealed class RedisStreamSink : ISink
{
    private readonly RedisAddress _address;
    private readonly byte[] _key;
    private readonly TimeSpan _timeout;
    private readonly SemaphoreSlim _turn = new(1);
    private RedisStreamConnection? _connection;

    /// <param name="address">The server.</param>
    /// <param name="stream">The stream's key.</param>
    /// <param name="timeout">Longest wait for the answers to a batch, and for the connection.</param>
    public RedisStreamSink(RedisAddress address, string stream, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(address);
        _address = address;
        _key = Encoding.UTF8.GetBytes(stream);
        _timeout = timeout;
        Name = $"stream {stream} of {address}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SinkLimits Limits { get; } = new() { Records = 1000, Bytes = 4 << 20, RecordBytes = 64 << 20 };

    /// <inheritdoc/>
    public async Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(records);
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_timeout);
        try
        {
            _connection ??= await RedisStreamConnection.OpenAsync(_address, limit.Token).ConfigureAwait(false);
            return await _connection.AddAsync(_key, records, limit.Token).ConfigureAwait(false);
        }
        catch (RedisRefusedException e)
        {
            Close();
            return RedisErrors.ResultOf(e.Message);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Close();
            return new SinkResult { Verdict = SinkVerdict.Retry, Reason = e.Message };
        }
        catch (OperationCanceledException)
        {
            Close();
            stop.ThrowIfCancellationRequested();
            return new SinkResult { Verdict = SinkVerdict.Retry, Reason = "no answer in time" };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
