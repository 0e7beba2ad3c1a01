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
}
