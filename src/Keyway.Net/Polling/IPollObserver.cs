namespace Keyway.Net.Polling;

/// <summary>The reactor, as its poller sees it.</summary>
internal interface IPollObserver
{
    /// <summary>The wait is over, before the first event is delivered: time to read the clock.</summary>
    void OnWake();

    /// <summary>One target is ready. Never throws.</summary>
    void OnReady(PollTarget target, PollEvents events);
}
