namespace Keyway.LoadBenchmarks;

/// <summary>One kind of load. Keys are random among <see cref="Keys"/>, values have 32 bytes.</summary>
/// <param name="Name">Its name on the command line and in the tables.</param>
/// <param name="Title">What it does, in words.</param>
/// <param name="Servers">How many servers are behind each proxy.</param>
/// <param name="Pipeline">Requests that each client has on the way at a time.</param>
/// <param name="CpuBar">The most CPU time per request that counts as good enough, relative to nutcracker's.</param>
internal abstract record Scenario(string Name, string Title, int Servers, int Pipeline, double CpuBar)
{
    /// <summary>Clients that send at the same time.</summary>
    public const int Clients = 50;

    /// <summary>Number of different keys.</summary>
    public const int Keys = 100_000;

    /// <summary>What every key holds.</summary>
    public const string Value = "0123456789abcdef0123456789abcdef";

    /// <summary>Sends so many requests to a loopback port and waits for the end; the CPU time is the caller's to add.</summary>
    /// <param name="port">Where to.</param>
    /// <param name="requests">How many, at least.</param>
    /// <param name="cpus">CPUs for the load, as taskset writes them; null for any.</param>
    public abstract Sample Run(int port, long requests, string? cpus);
}
