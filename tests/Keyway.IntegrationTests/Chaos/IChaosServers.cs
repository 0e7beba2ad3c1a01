namespace Keyway.IntegrationTests.Chaos;

/// <summary>The servers that things happen to.</summary>
internal interface IChaosServers
{
    /// <summary>What can happen to them as they are now.</summary>
    IReadOnlyList<Func<ChaosEvent>> Events { get; }

    /// <summary>True when a client that knew everything would be served: what that takes after an event is the servers' own fail-over time.</summary>
    bool IsServed();

    /// <summary>True when everything is there again, and the next event can happen.</summary>
    bool IsWhole();

    /// <summary>How often servers have found one of them to have failed; a change means that more happened than was planned.</summary>
    long Failures();

    /// <summary>What the servers say of each other, for when they do not recover.</summary>
    string Describe();
}
