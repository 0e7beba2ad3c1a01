using Keyway.Proxy.Configuration.Values;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>The keys under a pool's <c>limits</c>.</summary>
internal static class LimitsKeys
{
    private const int MostRequests = 1 << 20;

    private static readonly SizeKind Output = new(1L << 10, 1L << 34);

    public static readonly Section<LimitsConfig> Section = new("limits", new LimitsConfig(),
    [
        new TypedKey<LimitsConfig, long>(
            "max_bulk", new SizeKind(1L << 10, 1L << 30),
            l => l.MaxBulk, (l, v) => l with { MaxBulk = v },
            "Longest argument of a request, or value of memcached."),
        new TypedKey<LimitsConfig, int>(
            "max_args", new IntegerKind(1, 1 << 24),
            l => l.MaxArgs, (l, v) => l with { MaxArgs = v },
            "Most arguments of one request."),
        new TypedKey<LimitsConfig, int>(
            "max_depth", new IntegerKind(1, 32),
            l => l.MaxDepth, (l, v) => l with { MaxDepth = v },
            "Deepest nesting of a reply."),
        new TypedKey<LimitsConfig, long>(
            "client_request", new SizeKind(1L << 10, 1L << 30),
            l => l.ClientRequest, (l, v) => l with { ClientRequest = v },
            "Most bytes of a request that is not yet complete; a longer one is refused and its client closed."),
        new TypedKey<LimitsConfig, long>(
            "http_body", new SizeKind(1L << 10, 1L << 30),
            l => l.HttpBody, (l, v) => l with { HttpBody = v },
            "Longest body of an HTTP request, as it comes and inflated; a longer one is refused."),
        new TypedKey<LimitsConfig, int>(
            "client_requests", new IntegerKind(1, MostRequests),
            l => l.ClientRequests, (l, v) => l with { ClientRequests = v },
            "Requests of one client that await their reply; at the limit the client is not read."),
        new TypedKey<LimitsConfig, long>(
            "client_output", Output,
            l => l.ClientOutput, (l, v) => l with { ClientOutput = v },
            "Replies that one client has not taken; above, the client is not read."),
        new TypedKey<LimitsConfig, long>(
            "client_output_hard", Output,
            l => l.ClientOutputHard, (l, v) => l with { ClientOutputHard = v },
            "Replies that one client may leave untaken before it is closed."),
        new TypedKey<LimitsConfig, long>(
            "client_transaction", Output,
            l => l.ClientTransaction, (l, v) => l with { ClientTransaction = v },
            "Requests that one client has queued since MULTI; above, the transaction is aborted."),
        new TypedKey<LimitsConfig, long>(
            "subscriber_output", Output,
            l => l.SubscriberOutput, (l, v) => l with { SubscriberOutput = v },
            "Messages that one subscriber may leave untaken before it is closed."),
        new TypedKey<LimitsConfig, long>(
            "subscriber_output_soft", Output,
            l => l.SubscriberOutputSoft, (l, v) => l with { SubscriberOutputSoft = v },
            "Messages that one subscriber may leave untaken for `subscriber_output_soft_time` before it is closed."),
        new TypedKey<LimitsConfig, TimeSpan>(
            "subscriber_output_soft_time", new DurationKind(TimeSpan.FromSeconds(1)),
            l => l.SubscriberOutputSoftTime, (l, v) => l with { SubscriberOutputSoftTime = v },
            "How long a subscriber may be above `subscriber_output_soft`."),
        new TypedKey<LimitsConfig, int>(
            "server_requests", new IntegerKind(1, MostRequests),
            l => l.ServerRequests, (l, v) => l with { ServerRequests = v },
            "Requests on one server connection that await their reply; at the limit clients wait."),
        new TypedKey<LimitsConfig, long>(
            "server_output", Output,
            l => l.ServerOutput, (l, v) => l with { ServerOutput = v },
            "Requests not yet taken by one server connection; above, clients wait."),
    ]);
}
