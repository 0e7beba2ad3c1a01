using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Health;

/// <summary>
/// Asks a server that is up how it is, every <c>health_interval</c>, on a connection of its own that stays open: it finds the failure of a server that nobody
/// asks, and a server that answers everybody with an error (loading, say). One reactor checks for all.
/// </summary>
internal sealed class HealthCheck
{
    private readonly ServerState _server;
    private readonly long _interval;
    private readonly ActionTimer _timer;
    private ServerConnection? _connection;
    private bool _isAwaited;

    internal HealthCheck(ServerState server, TimeSpan interval)
    {
        _server = server;
        _interval = (long)interval.TotalMilliseconds;
        _timer = new ActionTimer(Check);
    }

    /// <summary>Begins; the servers of a pool are asked one after the other, not all at the same moment.</summary>
    internal void Start() => Schedule(_interval * (_server.Index + 1) / _server.Pool.Servers.Length);

    internal void Stop()
    {
        _server.Pool.Reactor.Timers.Cancel(_timer);
        _connection?.Close("health check ended");
    }

    private void Check()
    {
        Schedule(_interval);
        if (_server.Health.IsDown || _server.IsGone)
        {
            // Probes ask now, or nobody.
            _connection?.Close("server is not used");
            return;
        }

        if (_isAwaited)
        {
            _isAwaited = false; // what comes of it now does not count a second time
            _server.Health.OnCheckFailed($"no answer to a health check within {_interval} ms");
            _connection!.Close("health check not answered");
            return;
        }

        Ask();
    }

    private void Ask()
    {
        PoolState pool = _server.Pool;
        if (_connection is null or { IsClosed: true })
        {
            _connection = _server.OpenPrivate(pool.Lanes[0]);
            if (_connection.IsClosed)
            {
                _server.Health.OnCheckFailed(_connection.CloseReason);
                return;
            }
        }

        _isAwaited = true;
        Question.Ask(_connection, output => output.Write(pool.Driver.ProbeRequest), OnAnswer);
    }

    private void OnAnswer(byte[]? reply, Failure? failure)
    {
        if (!_isAwaited)
        {
            return;
        }

        _isAwaited = false;
        string? reason = failure?.Text ?? _server.Pool.Driver.ProbeFailure(reply);
        if (reason is null)
        {
            _server.Health.OnCheckPassed();
        }
        else
        {
            _server.Health.OnCheckFailed(reason);
        }
    }

    private void Schedule(long delay) => _server.Pool.Reactor.Timers.Set(_timer, _server.Pool.Reactor.Now + Math.Max(1, delay));
}
