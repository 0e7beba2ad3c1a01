namespace Keyway.Proxy.Configuration;

/// <summary>What ends a record on its way out. Firehose joins records as they are, without anything between them.</summary>
public enum NewlinePolicy
{
    /// <summary>A line feed is added where the record does not end with one.</summary>
    Add,

    /// <summary>Records go as they are.</summary>
    None,
}
