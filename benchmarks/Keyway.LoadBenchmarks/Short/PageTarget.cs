using System.Net;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Short;

/// <summary>Where pages go.</summary>
/// <param name="Name">One of the names below.</param>
/// <param name="Address">Where a page connects.</param>
/// <param name="Server">The Redis server at the end, whose CPU time counts.</param>
/// <param name="Proxy">Keyway, whose CPU time counts, or null for a direct connection.</param>
internal sealed record PageTarget(string Name, EndPoint Address, ChildProcess Server, ChildProcess? Proxy)
{
    public const string Direct = "direct";
    public const string DirectUnix = "direct, unix socket";
    public const string Keyway = "keyway";
    public const string KeywayUnix = "keyway, unix socket";

    /// <summary>Sends pages, so many at a time, for a time, with the CPU time that they cost the server and Keyway.</summary>
    public PageSample Measure(Page page, int workers, double seconds)
    {
        var server = Server.CpuNanoseconds;
        var proxy = Proxy?.CpuNanoseconds ?? 0;
        var load = PageLoad.Run(page, Address, workers, seconds);
        return new PageSample(
            load.Pages / load.Seconds,
            load.P50,
            load.P99,
            (Server.CpuNanoseconds - server) / 1000.0 / load.Pages,
            Proxy is null ? double.NaN : (Proxy.CpuNanoseconds - proxy) / 1000.0 / load.Pages);
    }
}
