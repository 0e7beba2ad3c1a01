using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Batching;

/// <summary>Parcels that go in one call, and what became of it.</summary>
/// <param name="parcels">At least one, in order.</param>
/// <param name="isPiece">It is a part of a batch that was refused, and goes by itself until it is known what is wrong in it.</param>
internal sealed class Call(List<Parcel> parcels, bool isPiece)
{
    internal List<Parcel> Parcels { get; } = parcels;

    internal bool IsPiece { get; } = isPiece;

    /// <summary>Its bytes, encoded.</summary>
    internal long Bytes { get; set; }

    /// <summary>When it was begun, as a time stamp.</summary>
    internal long BeganAt { get; set; }

    /// <summary>Its end; set before it is handed back.</summary>
    internal SinkResult? Result { get; set; }
}
