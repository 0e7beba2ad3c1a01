namespace Keyway.WriteBehind.Batching;

/// <summary>A relay's record within a <see cref="Parcel"/>.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Time">When it was taken, in milliseconds of Unix time.</param>
/// <param name="End">Where it ends in the parcel's bytes.</param>
internal readonly record struct Line(long Sequence, long Time, int End);
