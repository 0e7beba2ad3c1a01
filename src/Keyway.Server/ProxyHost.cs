using Keyway.Proxy.Configuration;
using Keyway.Proxy.Management;
using Keyway.Proxy.Telemetry;

namespace Keyway.Server;

/// <summary>Runs the proxy until a signal ends it.</summary>
internal static class ProxyHost
{
    /// <param name="config">What to run.</param>
    /// <param name="welcome">Lines for a person, printed once clients can connect.</param>
    public static ExitCode Run(KeywayConfig config, string welcome)
    {
        Log log = Log.ToStandardError(config.Log);
        using Signals signals = new(log);
        int threads = ProxyServer.ThreadsFor(config.Threads);
        try
        {
            using ProxyServer server = ProxyServer.Start(config, threads, log, TimeProvider.System, pool => Stores.Open(pool, log));
            log.Write(LogLevel.Info, "started", $"Keyway {typeof(ProxyHost).Assembly.GetName().Version!.ToString(3)}, {threads} reactor(s), {server.PollerName}");

            // Scripts and service managers wait for this line; with a file it is the only one on standard output.
            Tell(welcome + "ready " + string.Join(' ', server.Addresses.Select(static address => $"{address.Pool}={address.Address}")));
            signals.WaitForEnd();
            log.Write(LogLevel.Info, "stopping", "no new clients; waiting for replies under way");
            return End(server.Stop(), log);
        }
        catch (IOException e)
        {
            log.Write(LogLevel.Error, "start_failed", e.Message);
            return ExitCode.Failure;
        }
    }

    private static void Tell(string text)
    {
        try
        {
            Console.WriteLine(text);
        }
        catch (Exception e) when (Terminal.IsOutputFailure(e))
        {
            throw new IOException($"standard output cannot be written ({e.Message}); send it to /dev/null if nobody reads it", e);
        }
    }

    /// <summary>Says what smart mode and relays had answered and could not deliver.</summary>
    private static ExitCode End(Undelivered undelivered, Log log)
    {
        if (undelivered.Kept > 0)
        {
            log.Write(LogLevel.Warn, "journal_left", $"{undelivered.Kept} writes or records were not delivered: they are in the journal, and the next start delivers them");
        }

        if (undelivered.Lost > 0)
        {
            log.Write(LogLevel.Error, "writes_lost", $"{undelivered.Lost} writes or records were answered and not delivered, and are lost");
        }

        return undelivered == default ? ExitCode.Ok : ExitCode.Undelivered;
    }
}
