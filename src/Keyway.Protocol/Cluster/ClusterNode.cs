namespace Keyway.Protocol.Cluster;

/// <summary>One node of a Redis Cluster as a node described it.</summary>
/// <param name="Id">Forty hexadecimal digits that stay the node's own, whatever its address.</param>
/// <param name="Host">IPv4 or IPv6 address or host name; empty when the node says "the address that you asked me at".</param>
/// <param name="Port">TCP port.</param>
/// <param name="IsPrimary">True for the one node of its shard that takes writes.</param>
/// <param name="IsHealthy">False when the cluster says that it has failed or is loading its data.</param>
public sealed record ClusterNode(string Id, string Host, int Port, bool IsPrimary, bool IsHealthy);
