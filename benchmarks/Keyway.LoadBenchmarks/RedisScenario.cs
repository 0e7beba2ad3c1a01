namespace Keyway.LoadBenchmarks;

/// <summary>A load of Redis commands, sent by redis-benchmark.</summary>
/// <param name="Name">Its name on the command line and in the tables.</param>
/// <param name="Title">What it does, in words.</param>
/// <param name="Servers">How many servers are behind each proxy.</param>
/// <param name="Pipeline">Requests that each client has on the way at a time.</param>
/// <param name="Command">The command as redis-benchmark takes it; <c>__rand_int__</c> becomes twelve digits.</param>
/// <param name="CpuBar">The most CPU time per request that counts as good enough, relative to nutcracker's.</param>
internal sealed record RedisScenario(string Name, string Title, int Servers, int Pipeline, IReadOnlyList<string> Command, double CpuBar)
    : Scenario(Name, Title, Servers, Pipeline, CpuBar)
{
    private const string Key = "key:__rand_int__";

    // The bars that Keyway has set itself: well below the best that other proxies reach relative to nutcracker, which is 0.99 (predixy)
    // without pipelining, 0.43 (HAProxy, which looks at no request) with it, and 1 for MGET.
    private const double Plain = 0.75;
    private const double Pipelined = 0.35;
    private const double Split = 0.5;

    private static readonly string[] Get = ["GET", Key];
    private static readonly string[] Set = ["SET", Key, Value];

    /// <summary>Every scenario, in the order of the tables.</summary>
    public static IReadOnlyList<RedisScenario> All { get; } =
    [
        new("get-1", "GET, one server", 1, 1, Get, Plain),
        new("set-1", "SET, one server", 1, 1, Set, Plain),
        new("get-1-p16", "GET, one server, pipeline of 16", 1, 16, Get, Pipelined),
        new("set-1-p16", "SET, one server, pipeline of 16", 1, 16, Set, Pipelined),
        new("get-4", "GET, four servers", 4, 1, Get, Plain),
        new("set-4", "SET, four servers", 4, 1, Set, Plain),
        new("get-4-p16", "GET, four servers, pipeline of 16", 4, 16, Get, Pipelined),
        new("set-4-p16", "SET, four servers, pipeline of 16", 4, 16, Set, Pipelined),
        new("mget-4", "MGET of 10 keys, four servers", 4, 1, ["MGET", .. Enumerable.Repeat(Key, 10)], Split),
    ];

    /// <inheritdoc/>
    public override Sample Run(int port, long requests, string? cpus) => LoadGenerator.Run(this, port, requests, cpus);
}
