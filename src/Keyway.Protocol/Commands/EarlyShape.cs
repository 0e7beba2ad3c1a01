namespace Keyway.Protocol.Commands;

/// <summary>What the arguments of a write must look like to be answered before a server has seen it; early-writes.tsv explains each.</summary>
internal enum EarlyShape : byte
{
    Any,
    SetOptions,
    PositiveSeconds,
    PositiveMilliseconds,
    Seconds,
    Milliseconds,
    Pairs,
    Fields,
    Scores,
}
