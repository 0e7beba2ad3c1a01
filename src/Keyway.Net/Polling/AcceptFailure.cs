namespace Keyway.Net.Polling;

/// <summary>Why a listening socket gave no connection.</summary>
internal enum AcceptFailure : byte
{
    /// <summary>None waits.</summary>
    None,

    /// <summary>The client has gone already; the next may be there.</summary>
    Aborted,

    /// <summary>Out of descriptors or memory: accepting at once again would spin.</summary>
    OutOfResources,
}
