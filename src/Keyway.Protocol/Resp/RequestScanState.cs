namespace Keyway.Protocol.Resp;

/// <summary>
/// What is known of a request whose bytes have not all come: the scan goes on where it stopped, so that the work is linear
/// however the bytes are cut. All offsets count from the request's first byte. The default value is ready for use.
/// </summary>
public struct RequestScanState
{
    internal enum Part : byte
    {
        Start,
        Count,
        Args,
        Inline,
    }

    internal Part At;

    // The next byte to look at: the start of the header or argument that is incomplete.
    internal int Next;

    // Bytes already searched for the end of the line that begins at Next.
    internal int Searched;

    /// <summary>True if no byte of a request was seen.</summary>
    public readonly bool IsEmpty => At == Part.Start;

    /// <summary>Length of the bulk that is incomplete at the end of the buffer, 0 if there is none.</summary>
    public long PendingBulk { get; internal set; }

    /// <summary>Offset at which the body of <see cref="PendingBulk"/> begins.</summary>
    public int PendingBulkStart { get; internal set; }

    /// <summary>Arguments that are whole in the buffer.</summary>
    public int CompleteArgs { get; internal set; }

    /// <summary>Arguments that the request has, 0 while that is unknown.</summary>
    public int TotalArgs { get; internal set; }

    /// <summary>The byte that was found where a <c>$</c> should be.</summary>
    public byte OffendingByte { get; internal set; }

    /// <summary>Forgets the request.</summary>
    public void Reset() => this = default;
}
