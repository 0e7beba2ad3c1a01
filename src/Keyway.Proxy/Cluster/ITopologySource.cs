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

    /// <summary>Asks who serves what, and calls back when a question that was sent after this was asked has its answer, or has been given up.</summary>
    /// <remarks>A source that hears of every change by itself has nothing to ask.</remarks>
    void Ask(Action then) => then();
}
