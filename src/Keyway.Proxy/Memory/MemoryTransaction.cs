namespace Keyway.Proxy.Memory;

/// <summary>What a session has queued since MULTI.</summary>
internal sealed class MemoryTransaction
{
    /// <summary>Bytes of memory of a request beside its own, roughly.</summary>
    public const int RequestOverhead = 40;

    public List<byte[]> Requests { get; } = [];

    /// <summary>True once a command was not accepted: EXEC discards it.</summary>
    public bool IsAborted { get; set; }
}
