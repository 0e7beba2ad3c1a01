using System.Buffers;
using System.Net.Sockets;

namespace Keyway.DelayRelay;

/// <summary>One direction of a connection: what is read is kept until its time and then written.</summary>
internal sealed class Flow(Socket from, Socket to)
{
    // Far more than any delay here times any bandwidth: a bound for a receiver that takes nothing, not a limit of the link.
    private const int MostPending = 64 << 20;

    private readonly Queue<Chunk> _chunks = [];
    private long _pending;
    private int _sent;
    private bool _isEndRead;

    /// <summary>Where bytes come from.</summary>
    public Socket From => from;

    /// <summary>Whether nothing more will be read or written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether the source is to be read.</summary>
    public bool WantsToRead => !IsDone && !_isEndRead && _pending < MostPending;

    /// <summary>Whether bytes whose time has come wait for the receiver to take some.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>When the next bytes are to be released, or <see cref="long.MaxValue"/>.</summary>
    public long Due => !IsBlocked && _chunks.TryPeek(out var chunk) ? chunk.Due : long.MaxValue;

    /// <summary>Reads what is there, to be released at <paramref name="due"/>.</summary>
    public void Read(byte[] buffer, long due)
    {
        var length = from.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        // A reset travels as an end.
        _isEndRead = error != SocketError.Success || length == 0;
        var bytes = Array.Empty<byte>();
        if (!_isEndRead)
        {
            bytes = ArrayPool<byte>.Shared.Rent(length);
            buffer.AsSpan(0, length).CopyTo(bytes);
            _pending += length;
        }

        _chunks.Enqueue(new Chunk(bytes, _isEndRead ? 0 : length, due));
    }

    /// <summary>Writes what was due by <paramref name="now"/>, as far as the receiver takes it.</summary>
    public void Release(long now, Lateness lateness)
    {
        while (!IsDone && _chunks.TryPeek(out var chunk) && chunk.Due <= now)
        {
            if (_sent == 0 && !IsBlocked)
            {
                lateness.Add(now - chunk.Due);
            }

            if (chunk.Length == 0)
            {
                Finish();
                return;
            }

            _sent += to.Send(chunk.Bytes.AsSpan(_sent, chunk.Length - _sent), SocketFlags.None, out var error);
            IsBlocked = error == SocketError.WouldBlock;
            if (IsBlocked)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                // The receiver is gone; its own end comes to the sender over the other direction.
                IsDone = true;
                return;
            }

            if (_sent == chunk.Length)
            {
                _sent = 0;
                _pending -= chunk.Length;
                ArrayPool<byte>.Shared.Return(_chunks.Dequeue().Bytes);
            }
        }
    }

    private void Finish()
    {
        IsDone = true;
        try
        {
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Closed by its peer already.
        }
    }

    // Without bytes: the end of the stream.
    private readonly record struct Chunk(byte[] Bytes, int Length, long Due);
}
