namespace Keyway.Proxy.Pipelining;

/// <summary>Takes the reply of a request that is not a client's own: a part of a split command, or a question of Keyway's.</summary>
internal interface IReplySink
{
    /// <summary>True if it takes the reply however late it comes; then only the loss of the connection fails its requests.</summary>
    bool IsPatient => false;

    /// <summary>A piece of the reply, in order; <paramref name="isLast"/> ends it.</summary>
    void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast);

    /// <summary>There will be no (further) reply.</summary>
    void OnFailed(Request request, Failure failure);
}
