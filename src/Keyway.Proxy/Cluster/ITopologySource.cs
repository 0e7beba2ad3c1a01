namespace Keyway.Proxy.Cluster;

/// <summary>Finds out who serves what, for all reactors: one of them has it.</summary>
internal interface ITopologySource
{
    /// <summary>To be called once on the reactor's thread.</summary>
    void Begin();

    /// <summary>The process ends.</summary>
    void Stop();

    /// <summary>What is known may be out of date.</summary>
    void Request();
}
