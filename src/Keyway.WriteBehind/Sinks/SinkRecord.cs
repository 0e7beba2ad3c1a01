namespace Keyway.WriteBehind.Sinks;

/// <summary>A record on its way out; several of the relay's when they are joined.</summary>
/// <param name="Data">Its bytes, newline included; good until the call is over.</param>
/// <param name="Id">The number of the (first) record, the same when it is sent again.</param>
/// <param name="Time">When it was taken.</param>
public readonly record struct SinkRecord(ReadOnlyMemory<byte> Data, long Id, DateTimeOffset Time);
