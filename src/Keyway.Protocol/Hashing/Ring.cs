namespace Keyway.Protocol.Hashing;

/// <summary>Where keys lie while at least one server of at least two is live. Immutable (but for <see cref="RandomRing"/>'s generator).</summary>
internal abstract class Ring
{
    /// <summary>The index of the live server for an effective key.</summary>
    internal abstract int Locate(ReadOnlySpan<byte> key);
}
