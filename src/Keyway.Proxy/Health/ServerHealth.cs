using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Health;

/// <summary>
/// Whether a server is up. After <c>server_failure_limit</c> failures in a row it is down, on all reactors; from then on the pool's first reactor probes it
/// every <c>server_retry_timeout</c>, and <c>server_recovery_limit</c> good answers in a row readmit it. Client requests are never used as probes.
/// </summary>
internal sealed class ServerHealth
{
    private readonly ServerState _server;
    private readonly ActionTimer _probeTimer;
    private Probe? _probe;
    private int _failures;
    private int _failedChecks;
    private int _goodProbes;
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
        Judge(++_failures, "failures");
    }

    /// <summary>A health check got no good answer. Replies to clients do not make up for it: an error is a sign of life, too.</summary>
    internal void OnCheckFailed(string reason)
    {
        Reason = reason;
        if (_isStopped || IsDown)
        {
            return;
        }

        _server.Pool.Counters.ServerFailures++;
        Judge(++_failedChecks, "failed health checks");
    }

    /// <summary>A health check was answered well.</summary>
    internal void OnCheckPassed() => _failedChecks = 0;

    /// <summary>The process ends: no more probes.</summary>
    internal void Stop()
    {
        _isStopped = true;
        _server.Pool.Reactor.Timers.Cancel(_probeTimer);
        _probe?.Cancel();
    }

    /// <summary>It was not used for a while, and is again: if it was down, it is probed.</summary>
    internal void Resume() => ScheduleProbe();

    internal void OnProbeSucceeded()
    {
        _probe = null;
        if (!IsDown)
        {
            return;
        }

        if (++_goodProbes < _server.Pool.Config.ServerRecoveryLimit)
        {
            ScheduleProbe();
            return;
        }

        BringUp();
        _server.Pool.Shared.Log.Write(LogLevel.Info, "server_up", "server answers again", ("pool", _server.Pool.Config.Name), ("server", _server.Label));
        _server.Pool.Shared.TellOthers(_server.Pool, pool => pool.StateOf(_server)?.Health.BringUp());
    }

    internal void OnProbeFailed(string reason)
    {
        _probe = null;
        _goodProbes = 0;
        Reason = reason;
        ScheduleProbe();
    }

    private void Judge(int failures, string what)
    {
        if (failures < _server.Pool.Config.ServerFailureLimit)
        {
            return;
        }

        string reason = Reason;
        BringDown(reason);
        _server.Pool.Shared.Log.Write(
            LogLevel.Warn,
            "server_down",
            $"server is down after {failures} {what}, last: {reason}; probed every {_server.Pool.Config.ServerRetryTimeout.TotalMilliseconds} ms",
            ("pool", _server.Pool.Config.Name),
            ("server", _server.Label));
        _server.Pool.Shared.TellOthers(_server.Pool, pool => pool.StateOf(_server)?.Health.BringDown(reason));
    }

    private void BringDown(string reason)
    {
        if (IsDown || _isStopped)
        {
            return;
        }

        IsDown = true;
        Reason = reason;
        _goodProbes = 0;
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
        _failedChecks = 0;
        _server.Pool.Reactor.Timers.Cancel(_probeTimer);
        _server.Pool.OnHealthChanged();
        _server.OpenInAdvance();
    }

    private void ScheduleProbe()
    {
        if (IsDown && !_isStopped && _server.Pool.IsFirst)
        {
            long delay = (long)_server.Pool.Config.ServerRetryTimeout.TotalMilliseconds;
            _server.Pool.Reactor.Timers.Set(_probeTimer, _server.Pool.Reactor.Now + delay);
        }
    }

    private void StartProbe()
    {
        if (IsDown && _probe is null && !_isStopped && !_server.IsGone)
        {
            _probe = new Probe(_server);
            _probe.Start();
        }
    }
}
