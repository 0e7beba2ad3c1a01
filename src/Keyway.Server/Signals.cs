using System.Runtime.InteropServices;
using Keyway.Proxy.Telemetry;

namespace Keyway.Server;

/// <summary>
/// The process's signals. SIGTERM and SIGINT end it; so does SIGHUP where a terminal was closed. Sent to a service, SIGHUP means "read your files
/// again", which Keyway cannot: it says so and goes on.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Log _log;

    public Signals(Log log)
    {
        _log = log;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, End),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, End),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp),
        ];
    }

    /// <summary>Returns when the process is to end.</summary>
    public void WaitForEnd() => _end.Wait();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _end.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        _end.Set();
    }

    private void HangUp(PosixSignalContext context)
    {
        if (!Console.IsInputRedirected)
        {
            End(context);
            return;
        }

        context.Cancel = true;
        _log.Write(LogLevel.Warn, "reload_ignored", "SIGHUP is ignored: the configuration is read at the start only, restart to change it");
    }
}
