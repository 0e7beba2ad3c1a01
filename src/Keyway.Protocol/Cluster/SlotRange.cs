namespace Keyway.Protocol.Cluster;

/// <summary>Adjacent slots.</summary>
/// <param name="First">0 to 16383.</param>
/// <param name="Last">Not less than <paramref name="First"/>.</param>
public readonly record struct SlotRange(int First, int Last)
{
    /// <summary>Slots of a Redis Cluster.</summary>
    public const int SlotCount = 16384;

    /// <summary>False for numbers that are no range of slots.</summary>
    public bool IsValid => First >= 0 && First <= Last && Last < SlotCount;
}
