namespace Keyway.Proxy.Configuration;

/// <summary>What a client gets that asks for the cluster's nodes.</summary>
public enum ClusterView
{
    /// <summary>One node, which has all slots: Keyway.</summary>
    Keyway,

    /// <summary>The nodes that there are.</summary>
    Real,
}
