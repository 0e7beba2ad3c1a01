namespace Keyway.Proxy.Configuration;

/// <summary>What ends a record on its way out. Firehose joins records as they are, without anything between them.</summary>
public enum NewlinePolicy
{
    /// <summary><see cref="Add"/>, but a queue's messages go as they are.</summary>
    Auto,

    /// <summary>A line feed is added where the record does not end with one.</summary>
    Add,

    /// <summary>Records go as they are.</summary>
    None,
}
