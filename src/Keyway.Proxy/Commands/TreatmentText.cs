using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Commands;

/// <summary>The columns of the command table in words for operators.</summary>
internal static class TreatmentText
{
    /// <summary>A word or two, for tables.</summary>
    public static string Short(CommandTreatment treatment) => treatment switch
    {
        CommandTreatment.Key => "by key",
        CommandTreatment.Split => "split by key",
        CommandTreatment.Any => "one server",
        CommandTreatment.All => "all servers",
        CommandTreatment.Scan => "all servers in turn",
        CommandTreatment.Channel => "by channel",
        CommandTreatment.Subscribe => "Keyway subscribes",
        CommandTreatment.Local or CommandTreatment.Stateless => "Keyway answers",
        CommandTreatment.Transaction => "transaction",
        CommandTreatment.Block => "by key, pinned",
        CommandTreatment.Wait => "pinned",
        CommandTreatment.Dedicated => "own connection",
        CommandTreatment.Debug => "as debug allows",
        CommandTreatment.Config => "as config allows",
        _ => "not supported",
    };

    /// <summary>What is done with a command, as the end of a sentence.</summary>
    public static string Long(CommandInfo command, bool sharded) => command.TreatmentIn(sharded) switch
    {
        CommandTreatment.Local when command.IsContainer => "each subcommand in its own way",
        CommandTreatment.Key or CommandTreatment.Any or CommandTreatment.Channel when !sharded => "passed to the server",
        CommandTreatment.Key => "passed to the server of its keys; keys on different servers are an error",
        CommandTreatment.Split => $"each server gets the part with its keys; {Long(command.Merge)}",
        CommandTreatment.Any => "passed to the first server that is up",
        CommandTreatment.All => $"passed to all servers; {Long(command.Merge)}",
        CommandTreatment.Scan => "passed through the servers one after the other; the cursor says which",
        CommandTreatment.Channel => "passed to the server of its channel",
        CommandTreatment.Subscribe => "Keyway subscribes at the server, once for all its clients, and passes on the messages",
        CommandTreatment.Local => "answered by Keyway itself",
        CommandTreatment.Stateless => "answered by Keyway itself, in a transaction by the server",
        CommandTreatment.Transaction => "belongs to transactions: Keyway queues, and sends MULTI to EXEC as one block; WATCH takes a pinned connection",
        CommandTreatment.Wait => "passed to the server over a pinned connection, behind everything that the client asked before",
        CommandTreatment.Dedicated => "passed to the server over a connection that is the client's until it ends or sends RESET",
        CommandTreatment.Debug when !sharded => "passed to the server, if the pool's key 'debug' allows it",
        CommandTreatment.Block when !sharded => "passed to the server over a pinned connection",
        CommandTreatment.Block => "passed to the server of its keys over a pinned connection; keys on different servers are an error",
        CommandTreatment.Config when !sharded => "passed to the server, if the pool's key 'config' allows it",
        CommandTreatment.Config when command.Merge == CommandMerge.None => "passed to the first server that is up, if the pool's key 'config' allows it",
        CommandTreatment.Config => $"passed to all servers, if the pool's key 'config' allows it; {Long(command.Merge)}",
        _ => "not supported",
    };

    /// <summary>How replies are merged.</summary>
    public static string Long(CommandMerge merge) => merge switch
    {
        CommandMerge.Ok => "OK when all say OK",
        CommandMerge.First => "the replies are alike, and the first is passed on",
        CommandMerge.Sum => "the numbers are added up",
        CommandMerge.Min => "the least number is the reply",
        CommandMerge.And => "1 where all say 1",
        CommandMerge.Concat => "the lists are put one behind the other",
        CommandMerge.Keys => "each value comes at the place of its key",
        CommandMerge.Info => "the sections are merged",
        CommandMerge.Random => "one of the replies, at random",
        CommandMerge.AnyOne => "the first reply that is no error",
        _ => "",
    };

    /// <summary>Whether a command may be sent again when its connection was lost before the reply came.</summary>
    public static string Repeat(CommandInfo command)
    {
        string words = string.Join(", ", command.NotRepeatedWith);
        return command.Repeat switch
        {
            CommandRepeat.Read => "safe: it changes nothing",
            CommandRepeat.Idempotent when words.Length > 0 => $"twice is as good as once, but not with {words}",
            CommandRepeat.Idempotent => "twice is as good as once",
            _ => "not safe",
        };
    }
}
