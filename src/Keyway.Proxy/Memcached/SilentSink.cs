using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Memcached;

/// <summary>Takes the replies to <c>noreply</c> requests. Their clients learn of nothing, but failures are counted.</summary>
internal sealed class SilentSink(PoolCounters counters) : IReplySink
{
    public void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast) => request.IsStreaming = !isLast;

    public void OnFailed(Request request, Failure failure) => counters.Count(failure.Kind);
}
