namespace Keyway.Protocol.Hashing;

/// <summary>A server as a distribution sees it.</summary>
/// <param name="Label">The name by which it is placed; its address does not matter.</param>
/// <param name="Weight">Its share of the keys relative to the others, 1 to 2147483647.</param>
public readonly record struct RingServer(string Label, int Weight);
