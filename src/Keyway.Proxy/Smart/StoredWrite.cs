namespace Keyway.Proxy.Smart;

/// <summary>A write as the journal has it.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Header">Its <see cref="WriteHeader"/>.</param>
/// <param name="Frame">The request.</param>
public sealed record StoredWrite(long Sequence, byte[] Header, byte[] Frame);
