namespace Keyway.Proxy.Cluster;

/// <summary>What was measured of a node.</summary>
/// <param name="Node">Its number in the pool.</param>
/// <param name="Microseconds">Smoothed time to an answer.</param>
/// <param name="FreshAsOf">A replica has every write that its primary had at this time, in the reactor's milliseconds.</param>
/// <param name="Zone">Where it says that it is; null if it does not say.</param>
internal readonly record struct NodeReport(int Node, double Microseconds, long FreshAsOf, string? Zone = null);
