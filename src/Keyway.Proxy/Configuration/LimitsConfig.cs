namespace Keyway.Proxy.Configuration;

/// <summary>Bounds of one pool. The defaults keep a process with 512 MiB of memory safe.</summary>
public sealed record LimitsConfig
{
    /// <summary>Longest argument of a request in bytes (<c>limits.max_bulk</c>), as Redis's <c>proto-max-bulk-len</c>; longest value of memcached.</summary>
    public long MaxBulk { get; init; } = 512L << 20;

    /// <summary>Most arguments of one request (<c>limits.max_args</c>).</summary>
    public int MaxArgs { get; init; } = 1024 * 1024;

    /// <summary>Deepest nesting of a reply (<c>limits.max_depth</c>), 1 to 32.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Most bytes of one unfinished request that are kept (<c>limits.client_request</c>); a longer request is refused and its client closed.</summary>
    public long ClientRequest { get; init; } = 128L << 20;

    /// <summary>Longest body of an HTTP request, as it comes and inflated (<c>limits.http_body</c>); a longer one is refused.</summary>
    public long HttpBody { get; init; } = 16L << 20;

    /// <summary>Requests of one client that await their reply (<c>limits.client_requests</c>); at the limit the client is not read.</summary>
    public int ClientRequests { get; init; } = 1024;

    /// <summary>Bytes of replies that one client has not taken (<c>limits.client_output</c>): above, it is not read.</summary>
    public long ClientOutput { get; init; } = 1L << 20;

    /// <summary>Bytes of replies that one client may leave untaken before it is closed (<c>limits.client_output_hard</c>).</summary>
    public long ClientOutputHard { get; init; } = 128L << 20;

    /// <summary>Bytes of requests that one client has queued since MULTI (<c>limits.client_transaction</c>); above, the transaction is aborted.</summary>
    public long ClientTransaction { get; init; } = 64L << 20;

    /// <summary>Bytes of messages that a subscriber may leave untaken before it is closed (<c>limits.subscriber_output</c>).</summary>
    public long SubscriberOutput { get; init; } = 32L << 20;

    /// <summary>Bytes of messages that a subscriber may leave untaken for <see cref="SubscriberOutputSoftTime"/> (<c>limits.subscriber_output_soft</c>).</summary>
    public long SubscriberOutputSoft { get; init; } = 8L << 20;

    /// <summary>How long a subscriber may be above <see cref="SubscriberOutputSoft"/> (<c>limits.subscriber_output_soft_time</c>).</summary>
    public TimeSpan SubscriberOutputSoftTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests on one server connection that await their reply (<c>limits.server_requests</c>); at the limit clients wait.</summary>
    public int ServerRequests { get; init; } = 16384;

    /// <summary>Bytes of requests not yet taken by one server connection (<c>limits.server_output</c>); above, clients wait.</summary>
    public long ServerOutput { get; init; } = 4L << 20;
}
