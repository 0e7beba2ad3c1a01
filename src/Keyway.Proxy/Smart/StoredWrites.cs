namespace Keyway.Proxy.Smart;

/// <summary>A step of a reader.</summary>
/// <param name="Writes">What it found, in order.</param>
/// <param name="Next">The number from which it goes on.</param>
/// <param name="IsCaughtUp">True if it has read every record that was kept when it ended.</param>
public sealed record StoredWrites(IReadOnlyList<StoredWrite> Writes, long Next, bool IsCaughtUp);
