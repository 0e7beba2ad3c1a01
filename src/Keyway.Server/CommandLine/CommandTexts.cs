using Keyway.Protocol.Commands;

namespace Keyway.Server.CommandLine;

/// <summary>The command table's terms in words.</summary>
internal static class CommandTexts
{
    /// <summary>One word for a column.</summary>
    public static string Word(CommandTreatment treatment) => treatment switch
    {
        CommandTreatment.Key => "key",
        CommandTreatment.Split => "split",
        CommandTreatment.Any => "any",
        CommandTreatment.All => "all",
        CommandTreatment.Scan => "scan",
        CommandTreatment.Channel => "channel",
        CommandTreatment.Subscribe => "subscribe",
        CommandTreatment.Local or CommandTreatment.Stateless => "local",
        CommandTreatment.Transaction => "transaction",
        CommandTreatment.Block or CommandTreatment.Wait => "pinned",
        CommandTreatment.Dedicated => "dedicated",
        CommandTreatment.Debug => "debug",
        CommandTreatment.Config => "config",
        _ => "refused",
    };

    public static string Sentence(CommandTreatment treatment) => treatment switch
    {
        CommandTreatment.Key => "to the server of its keys",
        CommandTreatment.Split => "keys are grouped by server, each server gets its part",
        CommandTreatment.Any => "to one server, the first that is up",
        CommandTreatment.All => "to all servers",
        CommandTreatment.Scan => "through the servers one after the other",
        CommandTreatment.Channel => "to the server of its channel",
        CommandTreatment.Subscribe => "Keyway subscribes at the servers, once for all its clients",
        CommandTreatment.Local => "answered by Keyway itself",
        CommandTreatment.Stateless => "answered by Keyway itself, between MULTI and EXEC by the server",
        CommandTreatment.Transaction => "a transaction: what is queued goes as one block, after WATCH over a pinned connection",
        CommandTreatment.Wait => "to the server, over a pinned connection, behind what the client asked before",
        CommandTreatment.Dedicated => "to the server, over a connection that is the client's until it ends or sends RESET",
        CommandTreatment.Debug => "to the server, if the pool's key 'debug' allows it",
        CommandTreatment.Config => "to the servers, if the pool's key 'config' allows it",
        CommandTreatment.Block => "to the server of its keys, over a pinned connection while it waits",
        _ => "refused",
    };

    public static string Sentence(CommandMerge merge) => merge switch
    {
        CommandMerge.Ok => "OK if all servers say OK",
        CommandMerge.First => "the first, they are alike",
        CommandMerge.Sum => "added up",
        CommandMerge.Min => "the least",
        CommandMerge.And => "1 where all servers say 1",
        CommandMerge.Concat => "one behind the other",
        CommandMerge.Keys => "in the order of the keys",
        CommandMerge.Info => "merged section by section",
        CommandMerge.Random => "one that is not nil, at random",
        CommandMerge.AnyOne => "the first that is not an error",
        _ => "not merged",
    };

    public static string Sentence(CommandRepeat repeat) => repeat switch
    {
        CommandRepeat.Read => "yes, it changes nothing",
        CommandRepeat.Idempotent => "only if the pool allows it: twice leaves the same data as once",
        _ => "never",
    };
}
