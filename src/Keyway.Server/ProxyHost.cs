using Keyway.Proxy.Configuration;

namespace Keyway.Server;

/// <summary>Runs the proxy until it is told to stop.</summary>
internal static class ProxyHost
{
    public static ExitCode Run(KeywayConfig config, CancellationToken stop)
    {
        Console.Error.WriteLine($"keyway: {config.Pools.Count} pool(s) loaded, but this build has no proxy to serve them");
        return stop.IsCancellationRequested ? ExitCode.Ok : ExitCode.Failure;
    }
}
