namespace Keyway.IntegrationTests.Chaos;

/// <summary>What a checker thinks of a reply.</summary>
internal enum Verdict
{
    /// <summary>It is what was written last, or may have been.</summary>
    Right,

    /// <summary>Something that was written earlier: the servers have forgotten a write that they acknowledged.</summary>
    Older,

    /// <summary>No server can have given it.</summary>
    Wrong,
}
