using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Health;

/// <summary>
/// Whether a server is up. After <c>server_failure_limit</c> failures in a row it is down, on all reactors; from then on it gets a probe every
/// <c>server_retry_timeout</c>, and the first good answer readmits it. Client requests are never used as probes.
/// </summary>
internal sealed class ServerHealth
{
    private readonly ServerState _server;
    private readonly ActionTimer _probeTimer;
    private Probe? _probe;
    private int _failures;
    private bool _isStopped;

    internal ServerHealth(ServerState server)
    {
        _server = server;
        _probeTimer = new ActionTimer(StartProbe);
    }

    internal bool IsDown { get; private set; }

    /// <summary>The last failure, for errors and logs.</summary>
    internal string Reason { get; private set; } = "";

    /// <summary>The server has sent something.</summary>
    internal void OnAlive()
    {
        if (!IsDown)
        {
            _failures = 0;
        }
    }

    internal void OnFailure(string reason)
    {
        Reason = reason;
        if (_isStopped || IsDown)
        {
            return;
        }

        _server.Pool.Counters.ServerFailures++;
        if (++_failures >= _server.Pool.Config.ServerFailureLimit)
        {
            int index = _server.Index;
            BringDown(reason);
            _server.Pool.Shared.Log.Write(
                LogLevel.Warn,
                "server_down",
                $"server is down after {_failures} failures, last: {reason}; probed every {_server.Pool.Config.ServerRetryTimeout.TotalMilliseconds} ms",
                ("pool", _server.Pool.Config.Name),
                ("server", _server.Label));
            _server.Pool.Shared.TellOthers(_server.Pool, pool => pool.Servers[index].Health.BringDown(reason));
        }
    }

    /// <summary>The process ends: no more probes.</summary>
    internal void Stop()
    {
        _isStopped = true;
        _server.Pool.Reactor.Timers.Cancel(_probeTimer);
        _probe?.Cancel();
    }

    internal void OnProbeSucceeded()
    {
        _probe = null;
        if (!IsDown)
        {
            return;
        }

        int index = _server.Index;
        BringUp();
        _server.Pool.Shared.Log.Write(LogLevel.Info, "server_up", "server answers again", ("pool", _server.Pool.Config.Name), ("server", _server.Label));
        _server.Pool.Shared.TellOthers(_server.Pool, pool => pool.Servers[index].Health.BringUp());
    }

    internal void OnProbeFailed(string reason)
    {
        _probe = null;
        Reason = reason;
        ScheduleProbe();
    }

    private void BringDown(string reason)
    {
        if (IsDown || _isStopped)
        {
            return;
        }

        IsDown = true;
        Reason = reason;
        _server.Pool.Counters.ServerEjects++;
        _server.Pool.OnHealthChanged();
        ScheduleProbe();
    }

    private void BringUp()
    {
        if (!IsDown)
        {
            return;
        }

        IsDown = false;
        _failures = 0;
        _server.Pool.Reactor.Timers.Cancel(_probeTimer);
        _server.Pool.OnHealthChanged();
    }

    private void ScheduleProbe()
    {
        if (IsDown && !_isStopped)
        {
            long delay = (long)_server.Pool.Config.ServerRetryTimeout.TotalMilliseconds;
            _server.Pool.Reactor.Timers.Set(_probeTimer, _server.Pool.Reactor.Now + delay);
        }
    }

    private void StartProbe()
    {
        if (IsDown && _probe is null && !_isStopped)
        {
            _probe = new Probe(_server);
            _probe.Start();
        }
    }
}
