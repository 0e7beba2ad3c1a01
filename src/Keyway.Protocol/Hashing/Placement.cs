namespace Keyway.Protocol.Hashing;

/// <summary>
/// Which server of a pool a key belongs to, for one set of ejected servers. Immutable: an ejection or a readmission builds another, and the same
/// set gives the same placement again. Not to be shared by threads, since <see cref="DistributionKind.Random"/> draws from its generator.
/// </summary>
public sealed class Placement
{
    /// <summary>Most servers of <see cref="DistributionKind.Rmux"/>, whose tables end there.</summary>
    public const int MaxRmuxServers = 101;

    private readonly HashTag _tag;

    // Null when the server is known without the key: _fixedServer is then its index, or -1.
    private readonly Ring? _ring;
    private readonly int _fixedServer;

    /// <summary>Lays out the servers. This allocates and, for ketama, calculates some 40 digests a server.</summary>
    /// <param name="hash">The hash of a key; <see cref="DistributionKind.Rendezvous"/>, <see cref="DistributionKind.Random"/> and <see cref="DistributionKind.Rmux"/> do not use it.</param>
    /// <param name="distribution">How a hash becomes a server.</param>
    /// <param name="tag">Which part of a key counts.</param>
    /// <param name="servers">All servers of the pool in placement order, at least one: for nutcracker's modula sorted by <see cref="LabelOrder"/>.</param>
    /// <param name="ejected">Indexes of the servers that get no keys, or null for none.</param>
    /// <param name="random">The generator of <see cref="DistributionKind.Random"/>; not needed by others.</param>
    /// <exception cref="ArgumentException">There are no servers, too many for <see cref="DistributionKind.Rmux"/>, or the generator is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is below 1, or the hash or distribution is not a defined value.</exception>
    public Placement(
        HashKind hash,
        DistributionKind distribution,
        HashTag tag,
        IReadOnlyList<RingServer> servers,
        IReadOnlySet<int>? ejected = null,
        Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        if (servers.Count == 0)
        {
            throw new ArgumentException("A pool needs a server.", nameof(servers));
        }

        if (!Enum.IsDefined(hash))
        {
            throw new ArgumentOutOfRangeException(nameof(hash), hash, "Not a hash function.");
        }

        foreach (var server in servers)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(server.Weight, 1, nameof(servers));
        }

        _tag = tag;
        int[] live = [.. Enumerable.Range(0, servers.Count).Where(index => ejected?.Contains(index) != true)];
        LiveServers = live.Length;
        _fixedServer = live.Length == 0 ? -1 : live[0];
        if (live.Length > 1)
        {
            _ring = MakeRing(hash, distribution, servers, live, random);
        }
    }

    /// <summary>How many servers are not ejected.</summary>
    public int LiveServers { get; }

    /// <summary>The index of the key's server in the order given to the constructor; -1 when every server is ejected.</summary>
    /// <param name="key">The whole key, hash tag included.</param>
    public int Locate(ReadOnlySpan<byte> key) => _ring is null ? _fixedServer : _ring.Locate(_tag.Effective(key));

    private static Ring MakeRing(
        HashKind hash,
        DistributionKind distribution,
        IReadOnlyList<RingServer> servers,
        int[] live,
        Random? random) => distribution switch
        {
            DistributionKind.Ketama => new KetamaRing(hash, servers, live),
            DistributionKind.Modula => new ModulaRing(hash, servers, live),
            DistributionKind.Random => new RandomRing(live, random ?? throw new ArgumentNullException(nameof(random))),
            DistributionKind.Jump => new JumpRing(hash, servers, live),
            DistributionKind.Rendezvous => new RendezvousRing(servers, live),
            DistributionKind.Rmux => new RmuxRing(servers.Count, live),
            _ => throw new ArgumentOutOfRangeException(nameof(distribution), distribution, "Not a distribution."),
        };
}
