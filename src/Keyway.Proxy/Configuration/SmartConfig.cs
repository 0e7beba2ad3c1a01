namespace Keyway.Proxy.Configuration;

/// <summary>How a pool in smart mode keeps what it has answered and not delivered.</summary>
public sealed record SmartConfig
{
    /// <summary>What must have happened to a write before it is answered (<c>acknowledge</c>).</summary>
    public Acknowledgement Acknowledge { get; init; } = Acknowledgement.Memory;

    /// <summary>Changes to the commands that are answered early (<c>early</c>): <c>+name=reply</c>, <c>+name</c> or <c>-name</c>, sound for the pool's protocol.</summary>
    public IReadOnlyList<string> Early { get; init; } = [];

    /// <summary>Most bytes that wait for a server (<c>max_backlog</c>); with a journal, most bytes of the journal.</summary>
    public long MaxBacklog { get; init; } = 256L << 20;

    /// <summary>What happens at <see cref="MaxBacklog"/> (<c>when_full</c>).</summary>
    public WhenFull WhenFull { get; init; } = WhenFull.Wait;

    /// <summary>The directory of the journals of all pools (<c>journal_dir</c>), or null.</summary>
    public string? JournalDir { get; init; }

    /// <summary>Keep writes that a server refused after they were answered (<c>dead_letters</c>).</summary>
    public bool DeadLetters { get; init; }

    /// <summary>Longest time that the end of the process waits for the delivery of what was answered (<c>drain_timeout</c>).</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True if what is answered is in the journal.</summary>
    public bool HasJournal => Acknowledge != Acknowledgement.Memory;
}
