using BenchmarkDotNet.Attributes;
using Keyway.Protocol.Hashing;

namespace Keyway.MicroBenchmarks.Routing;

/// <summary>From a 16-byte key to one of four servers.</summary>
[MemoryDiagnoser]
public class KeyPlacement
{
    private readonly byte[] _key = "key:000000012345"u8.ToArray();
    private Placement _placement = null!;

    /// <summary>nutcracker's common hashes.</summary>
    [Params(HashKind.Fnv1a64, HashKind.Murmur, HashKind.Md5)]
    public HashKind Hash { get; set; }

    /// <summary>The ring, and the division that it is compared with.</summary>
    [Params(DistributionKind.Ketama, DistributionKind.Modula)]
    public DistributionKind Distribution { get; set; }

    /// <summary>Lays out the servers once.</summary>
    [GlobalSetup]
    public void Setup() =>
        _placement = new Placement(Hash, Distribution, default, [.. Enumerable.Range(0, 4).Select(i => new RingServer($"10.0.0.{i + 1}:6379", 1))]);

    /// <summary>Hash and look-up.</summary>
    [Benchmark]
    public int Locate() => _placement.Locate(_key);
}
