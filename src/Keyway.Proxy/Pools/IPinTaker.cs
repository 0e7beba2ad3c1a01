namespace Keyway.Proxy.Pools;

/// <summary>Waits for a pinned connection.</summary>
internal interface IPinTaker
{
    /// <summary>It has one now.</summary>
    void OnPinned(PinnedConnection pin);

    /// <summary>It gets none (<c>pinned_wait</c>).</summary>
    void OnNotPinned(Pipelining.Failure failure);
}
