namespace Keyway.Protocol.Hashing;

/// <summary>How a key's hash becomes a server. The first three place keys exactly as nutcracker 0.5 does.</summary>
public enum DistributionKind
{
    /// <summary><c>ketama</c>: consistent hashing on a ring of MD5 points, weighted.</summary>
    Ketama,

    /// <summary><c>modula</c>: hash modulo the list of servers, each repeated by its weight.</summary>
    Modula,

    /// <summary><c>random</c>: any live server, whatever the key; weights are ignored.</summary>
    Random,

    /// <summary><c>jump</c>: jump consistent hash over the servers in order of the file; weights by repetition. For pools that only grow at the end.</summary>
    Jump,

    /// <summary><c>rendezvous</c>: weighted highest random weight; an ejected server's keys, and no others, move.</summary>
    Rendezvous,

    /// <summary><c>rmux</c>: rmux's hash and hash table over the servers in order of the file; an ejected server's keys go to the next live one in the table.</summary>
    Rmux,
}
