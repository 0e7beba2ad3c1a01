namespace Keyway.WriteBehind.Journal;

/// <summary>A record as it is read. Its bytes are good until the reader's next step.</summary>
public readonly ref struct JournalRecord
{
    internal JournalRecord(long sequence, long time, byte kind, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        Sequence = sequence;
        Time = time;
        Kind = kind;
        Header = header;
        Payload = payload;
    }

    /// <summary>Its number: rising in the order of the appends, never used again.</summary>
    public long Sequence { get; }

    /// <summary>When it was appended, in milliseconds of Unix time.</summary>
    public long Time { get; }

    /// <summary>The producer's own mark.</summary>
    public byte Kind { get; }

    /// <summary>The producer's header.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
