namespace Keyway.Proxy.Pipelining;

/// <summary>
/// MULTI and the requests after it, as far as the server answers them before EXEC: the first error behind MULTI says why EXEC will do nothing; one to MULTI itself,
/// that the server takes no transactions any more.
/// </summary>
/// <param name="count">How many, MULTI included.</param>
internal sealed class QueuedRequests(int count) : IReplySink
{
    /// <summary>The first error, whole; null if there was none.</summary>
    internal byte[]? FirstError { get; private set; }

    public void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        if (isLast && !request.IsStreaming && piece[0] == '-')
        {
            FirstError ??= piece.ToArray();
        }

        request.IsStreaming = !isLast;
    }

    public void OnFailed(Request request, Failure failure)
    {
        // EXEC, behind it, fails too.
    }

    /// <summary>Takes their places in front of EXEC; the bytes come with it.</summary>
    internal void Enqueue(ServerConnection connection)
    {
        FirstError = null;
        for (int i = 0; i < count; i++)
        {
            Request request = connection.Server.Pool.Requests.Rent();
            request.Sink = i == 0 ? connection.Server.Transactions : this;
            _ = connection.BeginSend(request);
        }
    }
}
