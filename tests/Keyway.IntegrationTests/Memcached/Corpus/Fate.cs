namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>How a connection stands after an exchange.</summary>
internal enum Fate
{
    /// <summary>It answers further requests.</summary>
    Open,

    /// <summary>It waits for more, as for the rest of a value.</summary>
    Waiting,

    /// <summary>The peer has closed it.</summary>
    Closed,
}
