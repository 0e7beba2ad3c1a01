namespace Keyway.Proxy.Configuration;

/// <summary>What happens to an early write when the backlog has reached <c>max_backlog</c> (<c>when_full</c>).</summary>
public enum WhenFull
{
    /// <summary>Its client is not read until there is room.</summary>
    Wait,

    /// <summary>Its client gets an error.</summary>
    Error,

    /// <summary>The oldest writes are given up, counted and logged.</summary>
    DropOldest,

    /// <summary>It is answered and given up, counted and logged.</summary>
    DropNewest,
}
