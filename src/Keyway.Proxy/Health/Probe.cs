using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Health;

/// <summary>One question to a server that is down, on a connection of its own, with <c>connect_timeout</c> to answer it.</summary>
internal sealed class Probe
{
    private readonly ServerState _server;
    private readonly ActionTimer _limit;
    private ServerConnection? _connection;
    private bool _isOver;

    internal Probe(ServerState server)
    {
        _server = server;
        _limit = new ActionTimer(() => End($"no answer to a probe within {server.Pool.Config.ConnectTimeout.TotalMilliseconds} ms"));
    }

    internal void Start()
    {
        PoolState pool = _server.Pool;
        pool.Reactor.Timers.Set(_limit, pool.Reactor.Now + (long)pool.Config.ConnectTimeout.TotalMilliseconds);
        _connection = _server.OpenPrivate(pool.Lanes[0]);
        if (_connection.IsClosed)
        {
            End(_connection.CloseReason);
            return;
        }

        Question.Ask(
            _connection,
            output => output.Write(pool.Driver.ProbeRequest),
            (reply, failure) => End(failure?.Text ?? pool.Driver.ProbeFailure(reply)));
    }

    internal void Cancel()
    {
        _isOver = true;
        _server.Pool.Reactor.Timers.Cancel(_limit);
        _connection?.Close("probe ended");
    }

    private void End(string? failure)
    {
        if (_isOver)
        {
            return;
        }

        Cancel();
        if (failure is null)
        {
            _server.Health.OnProbeSucceeded();
        }
        else
        {
            _server.Health.OnProbeFailed(failure);
        }
    }
}
