namespace Keyway.Proxy.Smart;

/// <summary>What became of a write that was offered to a <see cref="WriteQueue"/>.</summary>
internal enum Offer
{
    /// <summary>It will be delivered: the client can be answered.</summary>
    Taken,

    /// <summary>It was given up, as the pool wants it (<c>drop_newest</c>); the client is answered all the same.</summary>
    Dropped,

    /// <summary>Not now: it is to be offered again.</summary>
    Later,

    /// <summary>It is not kept, and the client is told so.</summary>
    Refused,
}
