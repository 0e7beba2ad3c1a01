namespace Keyway.Net.Polling;

/// <summary>Something with a socket that a <see cref="Poller"/> watches.</summary>
public abstract class PollTarget
{
    /// <summary>The poller's own number for the target, -1 while it is not watched.</summary>
    internal int PollSlot { get; set; } = -1;

    internal abstract void OnReady(PollEvents events);
}
