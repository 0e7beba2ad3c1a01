namespace Keyway.WriteBehind.Journal.Format;

/// <summary>What a <see cref="SegmentScanner"/> came upon.</summary>
internal enum ScanResult
{
    /// <summary>A sound record.</summary>
    Record,

    /// <summary>Bytes that are no sound record; sound ones may follow.</summary>
    Corrupt,

    /// <summary>Nothing more, except perhaps a record that was never written to its end.</summary>
    End,
}
