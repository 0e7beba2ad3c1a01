namespace Keyway.Protocol.Http;

/// <summary>The methods of HTTP that make a difference here.</summary>
public enum HttpVerb
{
    /// <summary>GET.</summary>
    Get,

    /// <summary>HEAD: answered as GET, without the body.</summary>
    Head,

    /// <summary>POST.</summary>
    Post,

    /// <summary>Any other.</summary>
    Other,
}
