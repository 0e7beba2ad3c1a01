using System.Runtime.CompilerServices;
using Keyway.Net.Buffers;

namespace Keyway.Proxy.Pipelining;

/// <summary>What it takes to send a request again, to another server: kept with the request where a pool's keys can move while requests are under way.</summary>
/// <param name="buffers">Where the kept bytes live.</param>
internal sealed class Resend(BufferPool buffers)
{
    /// <summary>A request of up to so many bytes stays in the object itself, which costs less than a buffer's segment.</summary>
    private const int SmallSize = 128;

    private SmallFrame _small;
    private int _smallLength;

    /// <summary>The request's bytes where <see cref="Keep"/> and <see cref="TryReserve"/> were not used.</summary>
    internal OutputBuffer Frame { get; } = new(buffers);

    /// <summary>Whose request it is, also where it is a part of one. It is held back while this is under way again, so that its later requests do not overtake it.</summary>
    internal ClientConnection? Owner { get; set; }

    /// <summary>The lane that it goes through.</summary>
    internal int Lane { get; set; }

    /// <summary>The lane for replicas when one may answer; -1 when only the primary may.</summary>
    internal int ReplicaLane { get; set; }

    /// <summary>The slot of its keys.</summary>
    internal int Slot { get; set; }

    /// <summary>True when it has no keys: while the node of its slot is down, that of any other will do.</summary>
    internal bool IsAnywhere { get; set; }

    /// <summary>For a step of a scan, whose cursor no other node understands: the number of the node. Null when whoever has the slot may answer.</summary>
    internal int? OnlyNode { get; set; }

    /// <summary>Rises from each request of the pool to the next.</summary>
    internal long Order { get; set; }

    /// <summary>True when it may be sent again although it may have been executed.</summary>
    internal bool MayRepeat { get; set; }

    /// <summary>True when it goes over a connection that its owner has for itself.</summary>
    internal bool IsPinned { get; set; }

    /// <summary>When it was sent over that connection, in the reactor's milliseconds.</summary>
    internal long SentAt { get; set; }

    /// <summary>True while it waits on a server that has a successor, where it was told to end so that it can go on there.</summary>
    internal bool IsMoving { get; set; }

    /// <summary>True for the EXEC of a transaction with watched keys: it is void when its slot has moved.</summary>
    internal bool IsWatched { get; set; }

    /// <summary>For EXEC: the requests before it, whose bytes are in <see cref="Frame"/> too.</summary>
    internal QueuedRequests? Queued { get; set; }

    /// <summary>How often it was sent again.</summary>
    internal int Attempts { get; set; }

    /// <summary>When to give up, in the reactor's milliseconds; 0 before the first attempt.</summary>
    internal long Until { get; set; }

    /// <summary>What the server said last, if it said no; for the client when it cannot be tried again.</summary>
    internal byte[]? Refusal { get; set; }

    /// <summary>Why there was no reply, if there was none.</summary>
    internal Failure? Failure { get; set; }

    /// <summary>Keeps the request's bytes.</summary>
    internal void Keep(ReadOnlySpan<byte> frame)
    {
        if (TryReserve(frame.Length, out Span<byte> room))
        {
            frame.CopyTo(room);
        }
        else
        {
            Frame.Write(frame);
        }
    }

    /// <summary>Room for a whole request of so many bytes, which the caller fills; false for one that belongs into <see cref="Frame"/>.</summary>
    internal bool TryReserve(int length, out Span<byte> room)
    {
        if (length > SmallSize)
        {
            room = default;
            return false;
        }

        _smallLength = length;
        room = ((Span<byte>)_small)[..length];
        return true;
    }

    /// <summary>Writes the request.</summary>
    internal void WriteTo(OutputBuffer output)
    {
        if (_smallLength > 0)
        {
            output.Write(((ReadOnlySpan<byte>)_small)[.._smallLength]);
        }
        else
        {
            output.WriteCopy(Frame);
        }
    }

    internal void Clear()
    {
        if (_smallLength == 0)
        {
            Frame.Clear();
        }

        _smallLength = 0;
        Owner = null;
        OnlyNode = null;
        IsAnywhere = false;
        IsPinned = false;
        IsMoving = false;
        IsWatched = false;
        Queued = null;
        Attempts = 0;
        Until = 0;
        Refusal = null;
        Failure = null;
    }

    [InlineArray(SmallSize)]
    private struct SmallFrame
    {
        private byte _first;
    }
}
