namespace Keyway.Protocol.Commands;

/// <summary>What Keyway does with a command. treatment.tsv says which, for pools with one server and for pools with several.</summary>
public enum CommandTreatment : byte
{
    /// <summary>To the server of its keys. Keys on different servers are an error; without keys, to the first server that is up.</summary>
    Key,

    /// <summary>Its keys are grouped by server, each server gets its part, and the replies are merged.</summary>
    Split,

    /// <summary>To one server, the first that is up.</summary>
    Any,

    /// <summary>To all servers; the replies are merged.</summary>
    All,

    /// <summary>Through the servers one after the other; the cursor says which.</summary>
    Scan,

    /// <summary>To the server of its channel, which is its first argument.</summary>
    Channel,

    /// <summary>Keyway subscribes at the servers, once for all its clients, and gives each its messages.</summary>
    Subscribe,

    /// <summary>Keyway answers itself. Of a container: its subcommands are treated each on its own, and an unknown one is an error.</summary>
    Local,

    /// <summary>Keyway answers itself, as any server would: it says nothing of the connection. In a transaction the server answers.</summary>
    Stateless,

    /// <summary>MULTI and its kin: begins, ends or guards a transaction.</summary>
    Transaction,

    /// <summary>As <see cref="Key"/>, over a pinned server connection, since it may wait there. In a transaction it does not wait.</summary>
    Block,

    /// <summary>Counts the replicas that have the client's writes: over a pinned connection, behind everything that it asked before.</summary>
    Wait,

    /// <summary>Changes its connection: from then on the client has a server connection for itself, until it ends or sends RESET.</summary>
    Dedicated,

    /// <summary>To the server if the pool's key <c>debug</c> allows it, else answered with <see cref="CommandInfo.Reason"/>.</summary>
    Debug,

    /// <summary>
    /// As the pool's key <c>config</c> allows: to one server when it changes nothing, else to all, with merged replies; answered with
    /// <see cref="CommandInfo.Reason"/> when it is not allowed.
    /// </summary>
    Config,

    /// <summary>Needs a server connection of its own; answered with <see cref="CommandInfo.Reason"/> where there is none.</summary>
    Pinned,

    /// <summary>Never offered through shared connections; answered with <see cref="CommandInfo.Reason"/>.</summary>
    Refuse,
}
