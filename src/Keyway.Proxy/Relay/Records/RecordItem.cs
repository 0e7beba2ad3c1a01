namespace Keyway.Proxy.Relay.Records;

/// <summary>One string of a record and where it belongs. Offsets are into the bytes of its <see cref="RecordDraft"/>.</summary>
internal struct RecordItem
{
    internal int KeyStart;
    internal int KeyLength;
    internal int FieldStart;
    internal int FieldLength;
    internal int ValueStart;
    internal int ValueLength;

    /// <summary>The number of the command in its record.</summary>
    internal int Command;

    /// <summary>The previous first item of a key with the same hash; -1 for none.</summary>
    internal int SameHash;

    internal FieldShape Shape;

    /// <summary>The value is to be compressed.</summary>
    internal bool IsCompressed;
}
