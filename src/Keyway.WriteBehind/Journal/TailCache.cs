using Keyway.WriteBehind.Journal.Format;

namespace Keyway.WriteBehind.Journal;

/// <summary>The newest records, in memory. Guarded by the journal's lock.</summary>
internal sealed class TailCache(int capacity)
{
    private readonly Queue<TailChunk> _chunks = new();
    private readonly Stack<TailChunk> _free = new();
    private readonly int _mostChunks = Math.Max(1, capacity / TailChunk.Size);

    /// <summary>A chunk to fill, which may have been one of the oldest records'.</summary>
    internal TailChunk Rent(long first, long fileOffset)
    {
        TailChunk chunk = _free.TryPop(out TailChunk? free) ? free
            : _chunks.Count >= _mostChunks && !_chunks.Peek().IsTouched ? _chunks.Dequeue()
            : new TailChunk();
        chunk.First = first;
        chunk.FileOffset = fileOffset;
        chunk.Used = 0;
        chunk.Written = 0;
        chunk.Visible = 0;
        chunk.Last = first - 1;
        chunk.WrittenLast = first - 1;
        return chunk;
    }

    /// <summary>Lets readers see what was written to a chunk.</summary>
    internal void Publish(TailChunk chunk)
    {
        if (chunk.Written == chunk.Visible)
        {
            return;
        }

        if (chunk.Visible == 0)
        {
            _chunks.Enqueue(chunk);
        }

        chunk.Visible = chunk.Written;
        chunk.Last = chunk.WrittenLast;
        while (_chunks.Count > _mostChunks && !_chunks.Peek().IsTouched)
        {
            Return(_chunks.Dequeue());
        }
    }

    /// <summary>Takes back a chunk that no reader sees.</summary>
    internal void Return(TailChunk chunk)
    {
        if (_free.Count < _mostChunks)
        {
            _free.Push(chunk);
        }
    }

    /// <summary>Copies a record and what follows it in its chunk, if it is in memory.</summary>
    /// <param name="sequence">The record's number.</param>
    /// <param name="hint">Where in its segment this record or one before it begins, if that is known.</param>
    /// <param name="window">Where to; made when it is needed.</param>
    /// <param name="length">How many bytes were copied; 0 if it is not in memory.</param>
    /// <param name="fileOffset">Where in the segment they begin.</param>
    internal void Copy(long sequence, long hint, ref byte[] window, out int length, out long fileOffset)
    {
        foreach (TailChunk chunk in _chunks)
        {
            if (sequence >= chunk.First && sequence <= chunk.Last)
            {
                int offset = Locate(chunk, sequence, hint - chunk.FileOffset);
                length = chunk.Visible - offset;
                fileOffset = chunk.FileOffset + offset;
                if (window.Length == 0)
                {
                    window = GC.AllocateUninitializedArray<byte>(TailChunk.Size);
                }

                chunk.Data.AsSpan(offset, length).CopyTo(window);
                return;
            }
        }

        length = 0;
        fileOffset = 0;
    }

    private static int Locate(TailChunk chunk, long sequence, long guess)
    {
        int offset = 0;
        if (guess > 0 && guess < chunk.Visible)
        {
            // A reader that follows the writer need not make it walk through the whole chunk each time.
            offset = RecordHeader.Read(chunk.Data.AsSpan((int)guess)).Sequence <= sequence ? (int)guess : 0;
        }

        RecordHeader header = RecordHeader.Read(chunk.Data.AsSpan(offset));
        while (header.Sequence < sequence)
        {
            offset += header.TotalLength;
            header = RecordHeader.Read(chunk.Data.AsSpan(offset));
        }

        return offset;
    }
}
