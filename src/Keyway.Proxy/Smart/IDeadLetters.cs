namespace Keyway.Proxy.Smart;

/// <summary>Keeps writes that were answered and then given up. For any thread; it does not wait for the disk.</summary>
public interface IDeadLetters : IDisposable
{
    /// <summary>Keeps one.</summary>
    /// <param name="reason">Why it was given up, one word.</param>
    /// <param name="header">Its <see cref="WriteHeader"/>.</param>
    /// <param name="frame">The request.</param>
    void Add(string reason, ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame);
}
