using System.Globalization;
using System.IO.Pipes;
using System.Text;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Output;

namespace Keyway.WriteBehind.Tests.Sinks.Output;

public sealed class OutputSinkTests
{
    [Fact]
    public async Task Records_AreWrittenInOrder()
    {
        using MemoryStream output = new();
        await using OutputSink sink = new(output, "output");

        Assert.Same(SinkResult.Ok, await sink.SendAsync(Batches.Of("a\n", "b\n"), CancellationToken.None));
        Assert.Same(SinkResult.Ok, await sink.SendAsync(Batches.Of("c\n"), CancellationToken.None));

        Assert.Equal("a\nb\nc\n", Encoding.UTF8.GetString(output.ToArray()));
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
        await using OutputSink sink = new(OutputSink.Unbuffered(descriptor, Stream.Null), "output");

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
}
