using Microsoft.Win32.SafeHandles;

namespace Keyway.WriteBehind.Sinks.Output;

/// <summary>Writes records to a stream, usually standard output, in their order.</summary>
/// <param name="output">Where to; it is not closed.</param>
/// <param name="turn">Of one: who writes to the stream has it for a batch, so that the lines of several sinks do not mix. It is not disposed of.</param>
/// <param name="name">What people call it.</param>
public sealed class OutputSink(Stream output, SemaphoreSlim turn, string name) : ISink
{
    /// <summary>A stream to a descriptor, such as standard output, that tells when the other end of a pipe is gone.</summary>
    /// <param name="descriptor">The descriptor; it is not closed.</param>
    /// <param name="console">.NET's own stream to it.</param>
    internal static Stream Unbuffered(nint descriptor, Stream console)
    {
        // .NET's console passes over a broken pipe as if it had written. To a file it is right, and the other stream is not: that keeps a position of its own,
        // and would write over what others write there.
        FileStream stream = new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? console : stream;
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public SinkLimits Limits { get; } = new() { Records = 10_000, Bytes = 4 << 20, RecordBytes = 4 << 20 };

    /// <inheritdoc/>
    public async Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(records);
        await turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            foreach (SinkRecord record in records)
            {
                await output.WriteAsync(record.Data, CancellationToken.None).ConfigureAwait(false);
            }

            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return SinkResult.Ok;
        }
        catch (IOException e)
        {
            return new SinkResult { Verdict = SinkVerdict.Retry, Reason = e.Message };
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
