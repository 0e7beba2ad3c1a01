using System.Globalization;
using System.Text;

namespace Keyway.LoadBenchmarks.Memcached;

/// <summary>A load of memcached's commands. One of several keys counts as that many requests, in all figures but its latency.</summary>
/// <param name="Name">Its name on the command line and in the tables.</param>
/// <param name="Title">What it does, in words.</param>
/// <param name="Servers">How many servers are behind each proxy.</param>
/// <param name="Pipeline">Requests that each client has on the way at a time.</param>
/// <param name="IsSet">Whether it writes.</param>
/// <param name="KeysPerGet">Keys of one get.</param>
/// <param name="CpuBar">The most CPU time per request that counts as good enough, relative to nutcracker's.</param>
internal sealed record MemcachedScenario(string Name, string Title, int Servers, int Pipeline, bool IsSet, int KeysPerGet, double CpuBar)
    : Scenario(Name, Title, Servers, Pipeline, CpuBar)
{
    private const double Plain = 0.75;
    private const double Pipelined = 0.35;
    private const double Split = 0.6;

    private static readonly string Key = "key:" + new string('0', KeyDigits);

    /// <summary>Digits behind the first four bytes of a key.</summary>
    public const int KeyDigits = 12;

    /// <summary>Every scenario, in the order of the tables.</summary>
    public static IReadOnlyList<MemcachedScenario> All { get; } =
    [
        new("get-1", "get, one server", 1, 1, IsSet: false, 1, Plain),
        new("set-1", "set, one server", 1, 1, IsSet: true, 1, Plain),
        new("get-1-p16", "get, one server, 16 in flight", 1, 16, IsSet: false, 1, Pipelined),
        new("set-1-p16", "set, one server, 16 in flight", 1, 16, IsSet: true, 1, Pipelined),
        new("get-4", "get, four servers", 4, 1, IsSet: false, 1, Plain),
        new("set-4", "set, four servers", 4, 1, IsSet: true, 1, Plain),
        new("get-4-p16", "get, four servers, 16 in flight", 4, 16, IsSet: false, 1, Pipelined),
        new("set-4-p16", "set, four servers, 16 in flight", 4, 16, IsSet: true, 1, Pipelined),
        new("get50-4", "get of 50 keys, four servers, per key", 4, 1, IsSet: false, 50, Split),
    ];

    /// <summary>A request whose keys end in zeros.</summary>
    public byte[] Request() => Encoding.ASCII.GetBytes(IsSet
        ? string.Create(CultureInfo.InvariantCulture, $"set {Key} 0 0 {Value.Length}\r\n{Value}\r\n")
        : $"get {string.Join(' ', Enumerable.Repeat(Key, KeysPerGet))}\r\n");

    /// <summary>The reply to it: those to all requests of the scenario have its length, and differ in the digits of the keys alone.</summary>
    public byte[] Reply() => Encoding.ASCII.GetBytes(IsSet
        ? "STORED\r\n"
        : string.Concat(Enumerable.Repeat(string.Create(CultureInfo.InvariantCulture, $"VALUE {Key} 0 {Value.Length}\r\n{Value}\r\n"), KeysPerGet)) + "END\r\n");

    /// <inheritdoc/>
    public override Sample Run(int port, long requests, string? cpus) => MemcachedLoad.Run(this, port, requests, cpus);
}
