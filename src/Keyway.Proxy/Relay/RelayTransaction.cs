using Keyway.Net.Buffers;
using Keyway.Proxy.Relay.Records;

namespace Keyway.Proxy.Relay;

/// <summary>What a client has said since MULTI: one record, and the answers that EXEC will give.</summary>
internal sealed class RelayTransaction(BufferPool buffers)
{
    private long _counted;

    /// <summary>The record.</summary>
    internal RecordDraft Draft { get; } = new();

    /// <summary>The answers to the commands, one behind the other.</summary>
    internal OutputBuffer Answers { get; } = new(buffers);

    /// <summary>How many commands were queued.</summary>
    internal int Count { get; private set; }

    /// <summary>True once a command was not accepted: EXEC discards it.</summary>
    internal bool IsAborted { get; private set; }

    /// <summary>Bytes of memory that it takes.</summary>
    internal long Size => Draft.Size + Answers.Length;

    /// <summary>Begins anew.</summary>
    internal void Begin(long time)
    {
        Draft.Begin(time);
        Count = 0;
        IsAborted = false;
    }

    /// <summary>A command's answer was added.</summary>
    internal void Queued()
    {
        Count++;
        CountMemory();
    }

    /// <summary>No record will come of it.</summary>
    internal void Abort()
    {
        IsAborted = true;
        Clear();
    }

    /// <summary>Gives its memory back.</summary>
    internal void Clear()
    {
        Draft.Begin(Draft.Time);
        Answers.Clear();
        CountMemory();
    }

    /// <summary>The draft's memory is not the pool's, and belongs to its bound all the same.</summary>
    private void CountMemory()
    {
        buffers.Count(Draft.Size - _counted);
        _counted = Draft.Size;
    }
}
