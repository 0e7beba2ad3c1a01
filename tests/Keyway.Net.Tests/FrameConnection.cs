using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Keyway.Net.Tests;

/// <summary>
/// A connection that speaks the tests' protocol: four bytes of length, then as many of payload. Consumes whole frames only, and answers
/// each with itself unless the test says otherwise.
/// </summary>
internal sealed class FrameConnection : Connection
{
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _expected;

    internal FrameConnection(ReactorHost host, bool isServer = false)
        : base(host.Reactor, isServer)
    {
        host.Track(this);
    }

    /// <summary>What is done with a frame's payload; the default is <see cref="Answer"/>.</summary>
    internal delegate void FrameHandler(FrameConnection connection, ReadOnlySpan<byte> payload);

    internal FrameHandler OnFrame { get; init; } = static (connection, payload) => connection.Answer(payload);

    internal Action<FrameConnection>? WhenConnected { get; init; }

    /// <summary>Done at the end of the stream; the default closes.</summary>
    internal Action<FrameConnection>? WhenEnded { get; init; }

    internal Action<FrameConnection>? WhenClosed { get; init; }

    internal Action<FrameConnection>? WhenSent { get; init; }

    /// <summary>True to tell the connection how long an unfinished frame will be.</summary>
    internal bool KnowsLength { get; init; }

    /// <summary>Every payload that came, in order.</summary>
    internal BlockingCollection<byte[]> Frames { get; } = [];

    internal Task<string> Closed => _closed.Task;

    internal Task<bool> Connected => _connected.Task;

    internal Task<bool> Ended => _ended.Task;

    internal int TimesSent { get; private set; }

    internal int TimesEnded { get; private set; }

    internal int TimesPeerEnded { get; private set; }

    internal int TimesClosed { get; private set; }

    internal int Unfinished => UnfinishedLength;

    protected override int ExpectedLength => _expected;

    protected override void OnPeerEnded() => TimesPeerEnded++;

    /// <summary>Sends a frame at the end of this wake-up.</summary>
    internal void Answer(ReadOnlySpan<byte> payload)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, payload.Length);
        Out.Write(length);
        Out.Write(payload);
        QueueFlush();
    }

    internal void EndOutput() => ShutdownWrite();

    protected override int OnBytes(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        _expected = 0;
        while (!IsReadPaused && !IsClosed && bytes.Length - at >= 4)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            if (bytes.Length - at - 4 < length)
            {
                _expected = KnowsLength ? 4 + length : 0;
                break;
            }

            var payload = bytes.Slice(at + 4, length);
            at += 4 + length;
            Frames.Add(payload.ToArray());
            OnFrame(this, payload);
        }

        return at;
    }

    protected override void OnConnected()
    {
        WhenConnected?.Invoke(this);
        _connected.TrySetResult(true);
    }

    protected override void OnEndOfStream()
    {
        TimesEnded++;
        _ended.TrySetResult(true);
        if (WhenEnded is null)
        {
            base.OnEndOfStream();
        }
        else
        {
            WhenEnded(this);
        }
    }

    protected override void OnSent()
    {
        TimesSent++;
        WhenSent?.Invoke(this);
    }

    protected override void OnClosed(string reason)
    {
        TimesClosed++;
        _closed.TrySetResult(reason);
        WhenClosed?.Invoke(this);
    }
}
