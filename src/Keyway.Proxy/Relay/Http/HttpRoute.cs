namespace Keyway.Proxy.Relay.Http;

/// <summary>What a request is about.</summary>
internal enum HttpRoute
{
    /// <summary>A path that is not known.</summary>
    None,

    /// <summary>/ping.</summary>
    Ping,

    /// <summary>/firehose with one JSON object.</summary>
    Json,

    /// <summary>Lines of JSON.</summary>
    Lines,

    /// <summary>/firehose-raw.</summary>
    Raw,
}
