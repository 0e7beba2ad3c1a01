namespace Keyway.Proxy.Pipelining;

/// <summary>Why a request gets no reply of a server. Made off the hot path.</summary>
/// <param name="Kind">The kind, for counters.</param>
/// <param name="Text">One line for the client, without the protocol's prefix and without line breaks.</param>
internal sealed record Failure(FailureKind Kind, string Text)
{
    internal static Failure ServerDown(string server, string reason) =>
        new(FailureKind.ServerDown, $"server {server} is down ({Line(reason)})");

    internal static Failure ConnectFailed(string server, string reason) =>
        new(FailureKind.ConnectFailed, $"cannot connect to server {server}: {Line(reason)}");

    internal static Failure ConnectionLost(string server, string reason) =>
        new(FailureKind.ConnectionLost, $"connection to server {server} lost before the reply, outcome unknown ({Line(reason)})");

    internal static Failure Timeout(string server, long milliseconds) =>
        new(FailureKind.Timeout, $"timeout: no reply from server {server} within {milliseconds} ms, outcome unknown");

    internal static Failure NoServer(string pool) =>
        new(FailureKind.NoServer, $"all servers of pool {pool} are down");

    internal static Failure NoServer(string pool, IEnumerable<(string Label, string Reason)> servers) =>
        new(FailureKind.NoServer, $"all servers of pool {pool} are down: {string.Join(", ", servers.Select(static server => $"{server.Label} ({Line(server.Reason)})"))}");

    internal static Failure NotSubscribed(string servers, long milliseconds) =>
        new(FailureKind.Timeout, $"timeout: the subscription was not confirmed by server {servers} within {milliseconds} ms");

    internal static Failure NoReplica(int slot) =>
        new(FailureKind.NoServer, $"no replica of slot {slot} is up and fresh enough (read_from: replica)");

    internal static Failure ClusterUnknown(string pool) =>
        new(FailureKind.NoServer, $"no server of pool {pool} has told yet which nodes its cluster has");

    internal static Failure MasterUnknown(string pool, string master) =>
        new(FailureKind.NoServer, $"no Sentinel of pool {pool} has named the master {master} yet");

    internal static Failure KeepsMoving(int slot) =>
        new(FailureKind.KeepsMoving, $"the cluster's nodes do not agree on who serves slot {slot}; nothing was executed");

    internal static Failure NoPinned(string server, long milliseconds, int most) =>
        new(FailureKind.PinnedWait, $"no connection of its own to server {server} within {milliseconds} ms: all {most} are in use (max_pinned)");

    internal static Failure BacklogFull(string server) =>
        new(FailureKind.BacklogFull, $"no room for the write: too much waits for server {server} (max_backlog), or the disk of the journal is full; nothing was sent");

    internal static Failure RecordsFull() =>
        new(FailureKind.BacklogFull, "no room for the record: too much waits for the sink (max_backlog), or the disk of the journal is full; it is not kept");

    internal static Failure RecordNotKept(string reason) =>
        new(FailureKind.NotKept, $"the record could not be kept, outcome unknown ({Line(reason)})");

    internal static Failure WritesFirst(string server, string reason) =>
        new(FailureKind.ServerDown, $"earlier writes of this client, which come first, wait for server {server} ({Line(reason)})");

    internal static Failure ReplyTooLong() =>
        new(FailureKind.OutOfBuffers, "the reply is larger than limits.client_output_hard");

    internal static Failure NotKept(string reason) =>
        new(FailureKind.NotKept, $"the journal could not keep the write, outcome unknown ({Line(reason)})");

    internal static Failure UnexpectedReply(string server, string command) =>
        new(FailureKind.UnexpectedReply, $"unexpected reply of server {server} to {command}");

    internal static Failure NotExplained(string server, string reason) =>
        new(FailureKind.UnexpectedReply, $"server {server} did not say what the command is: {Line(reason)}");

    /// <summary>What servers and the system say goes into one protocol line.</summary>
    private static string Line(string text) => text.ReplaceLineEndings(" ");
}
