namespace Keyway.Proxy.Smart;

/// <summary>True for the records that a reader wants.</summary>
/// <param name="sequence">The record's number.</param>
/// <param name="header">Its header.</param>
/// <param name="frame">The request.</param>
public delegate bool WriteFilter(long sequence, ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame);
