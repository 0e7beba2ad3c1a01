namespace Keyway.Protocol.Http;

/// <summary>How far a chunked body has been read; the default is its beginning.</summary>
public struct ChunkScan
{
    /// <summary>Offset of the chunk, or trailer line, that is next.</summary>
    internal int Next;

    /// <summary>Bytes of the body so far.</summary>
    internal long Bytes;

    /// <summary>Bytes of trailers so far.</summary>
    internal int Trailers;

    /// <summary>True behind the last chunk.</summary>
    internal bool IsInTrailers;
}
