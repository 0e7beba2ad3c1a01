namespace Keyway.WriteBehind.Sinks;

/// <summary>What a sink takes in one call. Sizes are bytes.</summary>
public sealed record SinkLimits
{
    /// <summary>Most records.</summary>
    public required int Records { get; init; }

    /// <summary>Most bytes, as <see cref="EncodedLength"/> counts them.</summary>
    public required long Bytes { get; init; }

    /// <summary>Longest record, before encoding.</summary>
    public required int RecordBytes { get; init; }

    /// <summary>What a record of that length takes of <see cref="Bytes"/>.</summary>
    public Func<int, long> EncodedLength { get; init; } = static length => length;
}
