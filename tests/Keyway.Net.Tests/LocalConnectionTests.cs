using System.Buffers;

namespace Keyway.Net.Tests;

public sealed class LocalConnectionTests
{
    [Fact]
    public void AttachLocal_Service_AnswersLikeAPeer()
    {
        using var host = new ReactorHost("managed");
        var connection = host.Do(() => new FrameConnection(host) { OnFrame = static (_, _) => { } });

        host.Do(() =>
        {
            connection.AttachLocal(new Echo());
            connection.Answer([1]);
            connection.Answer([2, 3]);
        });

        Assert.True(connection.Connected.IsCompleted);
        Assert.Equal([1], Wait.For(connection.Frames, "frame"));
        Assert.Equal([2, 3], Wait.For(connection.Frames, "frame"));
        Assert.Equal(1, connection.TimesSent);
    }

    [Fact]
    public void AttachLocal_OutputWrittenBefore_IsSent()
    {
        using var host = new ReactorHost("managed");
        var connection = host.Do(() => new FrameConnection(host) { OnFrame = static (_, _) => { } });

        host.Do(() => connection.Out.Write(FramePeer.Frame([1])));
        host.Do(() => connection.AttachLocal(new Echo()));

        Assert.Equal([1], Wait.For(connection.Frames, "frame"));
    }

    [Fact]
    public void Answers_CutBySegments_ComeWhole()
    {
        using var host = new ReactorHost("managed");
        var connection = host.Do(() => new FrameConnection(host) { OnFrame = static (_, _) => { } });
        var random = new Random(9);
        byte[][] payloads = [.. ((int[])[10, 1_000, 20_000, 5, 16_384, 300_000, 16_380, 16_381, 0, 7]).Select(size =>
        {
            var payload = new byte[size];
            random.NextBytes(payload);
            return payload;
        })];

        host.Do(() =>
        {
            connection.AttachLocal(new Echo());
            Array.ForEach(payloads, payload => connection.Answer(payload));
        });

        foreach (var payload in payloads)
        {
            Assert.True(payload.AsSpan().SequenceEqual(Wait.For(connection.Frames, "frame")), "another payload");
        }

        Assert.Equal(0, host.Do(() => connection.Unfinished));
    }

    [Fact]
    public void Answers_WhileReadingIsPaused_AreKept()
    {
        using var host = new ReactorHost("managed");
        var connection = host.Do(() => new FrameConnection(host) { OnFrame = static (connection, _) => connection.PauseReading() });
        host.Do(() =>
        {
            connection.AttachLocal(new Echo());
            connection.Answer([1]);
            connection.Answer([2]);
        });
        host.Do(() => connection.Answer([3]));

        for (byte next = 1; next <= 3; next++)
        {
            Assert.Equal([next], Wait.For(connection.Frames, "frame"));
            host.AssertIdle();
            Assert.Empty(connection.Frames);
            host.Do(connection.ResumeReading);
        }
    }

    [Fact]
    public void Close_AtFirstAnswer_DropsTheOthers()
    {
        using var host = new ReactorHost("managed");
        var connection = host.Do(() => new FrameConnection(host) { OnFrame = static (connection, _) => connection.Close("enough") });

        host.Do(() =>
        {
            connection.AttachLocal(new Echo());
            connection.Answer([1]);
            connection.Answer(new byte[40_000]);
        });

        Assert.Equal("enough", Wait.For(connection.Closed, "close"));
        Assert.Single(connection.Frames);
    }

    [Fact]
    public void Process_Throws_CostsTheConnectionAndKeepsNothing()
    {
        using var host = new ReactorHost("managed");
        var connection = host.Do(() => new FrameConnection(host));

        host.Do(() =>
        {
            connection.AttachLocal(new Failing());
            connection.Answer([1]);
        });

        Assert.Equal("internal error", Wait.For(connection.Closed, "close"));
        Assert.Equal("service failed", Wait.For(host.Faults, "fault").Message);
    }

    /// <summary>Writes back what it gets, in the pieces of the writer it is given.</summary>
    private sealed class Echo : IByteService
    {
        public void Process(ReadOnlySpan<byte> input, IBufferWriter<byte> output) => output.Write(input);
    }

    private sealed class Failing : IByteService
    {
        public void Process(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
        {
            output.Write(input);
            throw new InvalidOperationException("service failed");
        }
    }
}
