using System.Globalization;
using System.IO.Pipes;
using System.Text;
using System.Threading.Channels;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Output;

namespace Keyway.WriteBehind.Tests.Sinks.Output;

public sealed class OutputSinkTests : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    [Fact]
    public async Task Records_AreWrittenInOrder()
    {
        using MemoryStream output = new();
        await using OutputSink sink = new(output, _turn, "output");

        Assert.Same(SinkResult.Ok, await sink.SendAsync(Batches.Of("a\n", "b\n"), CancellationToken.None));
        Assert.Same(SinkResult.Ok, await sink.SendAsync(Batches.Of("c\n"), CancellationToken.None));

        Assert.Equal("a\nb\nc\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task TwoSinksOfOneStream_WriteOneBatchAfterTheOther()
    {
        await using SteppedStream output = new();
        await using OutputSink first = new(output, _turn, "output");
        await using OutputSink second = new(output, _turn, "output");

        Task one = first.SendAsync(Batches.Of("a1\n", "a2\n"), CancellationToken.None);
        Task other = second.SendAsync(Batches.Of("b1\n", "b2\n"), CancellationToken.None);
        for (int i = 0; i < 4; i++)
        {
            await output.StepAsync();
        }

        await Task.WhenAll(one, other);
        Assert.Equal("a1\na2\nb1\nb2\n", output.Text);
    }

    [Fact]
    public async Task APipeThatNobodyReads_TakesNothing()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("descriptors are Unix's");
        }

        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        nint descriptor = nint.Parse(reader.GetClientHandleAsString(), CultureInfo.InvariantCulture);
        await using OutputSink sink = new(OutputSink.Unbuffered(descriptor, Stream.Null), _turn, "output");

        Assert.Same(SinkResult.Ok, await sink.SendAsync(Batches.Of("a\n"), CancellationToken.None));
        Assert.Equal('a', reader.ReadByte());
        reader.Close();
        Assert.Equal(SinkVerdict.Retry, (await sink.SendAsync(Batches.Of("b\n"), CancellationToken.None)).Verdict);
    }

    [Fact]
    public async Task AFile_IsWrittenByTheConsolesStream()
    {
        string path = Path.GetTempFileName();
        await using (FileStream file = File.OpenWrite(path))
        {
            using MemoryStream console = new();
            Assert.Same(console, OutputSink.Unbuffered(file.SafeFileHandle.DangerousGetHandle(), console));
        }

        File.Delete(path);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>A stream each of whose writes, one after the other, ends when it is told to.</summary>
    private sealed class SteppedStream : MemoryStream
    {
        private readonly Channel<(string Text, TaskCompletionSource Written)> _writes = Channel.CreateUnbounded<(string, TaskCompletionSource)>();

        public string Text { get; private set; } = "";

        /// <summary>Lets the oldest write end, once there is one.</summary>
        public async Task StepAsync()
        {
            (string text, TaskCompletionSource written) = await _writes.Reader.ReadAsync(TestContext.Current.CancellationToken);
            Text += text;
            written.SetResult();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            TaskCompletionSource written = new();
            _writes.Writer.TryWrite((Encoding.UTF8.GetString(buffer.Span), written));
            await written.Task;
        }
    }
}
