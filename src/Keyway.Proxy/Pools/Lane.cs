namespace Keyway.Proxy.Pools;

/// <summary>
/// What clients must have in common to share a server connection: the database and the RESP version. A pool numbers its lanes from 0,
/// which is the pool's own database and RESP2.
/// </summary>
/// <param name="Database">The database that the connection has selected.</param>
/// <param name="RespVersion">2 or 3.</param>
/// <param name="ReadsReplica">The server is a replica in a cluster and answers reads (READONLY).</param>
internal readonly record struct Lane(int Database, int RespVersion, bool ReadsReplica = false);
