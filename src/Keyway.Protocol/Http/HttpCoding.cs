namespace Keyway.Protocol.Http;

/// <summary>How the body of a request is encoded (<c>Content-Encoding</c>).</summary>
public enum HttpCoding
{
    /// <summary>As it is.</summary>
    Identity,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>In a way that is not understood here.</summary>
    Other,
}
