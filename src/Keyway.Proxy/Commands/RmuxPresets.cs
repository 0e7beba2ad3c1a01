using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Commands;

/// <summary>
/// The commands that rmux's documentation lists as disabled: some always, more with several servers. What rmux then lets pass by
/// the letters of a name is not repeated.
/// </summary>
internal static class RmuxPresets
{
    /// <summary>As rmux answers.</summary>
    public const string Refusal = "ERR This command is not supported";

    /// <summary>rmux.</summary>
    public const string Plain = "rmux";

    /// <summary>anexia's fork, which offers transactions with one server.</summary>
    public const string WithTransactions = "rmux-anexia";

    private static readonly string[] Transactions = ["multi", "exec", "watch", "unwatch"];

    private static readonly string[] Always =
    [
        "bgrewriteaof", "bgsave", "client", "config", "dbsize", "debug", "flushall", "flushdb", "lastsave", "move", "monitor", "migrate",
        "object", "randomkey", "save", "shutdown", "slaveof", "slowlog", "sync", "time", "psubscribe", "pubsub", "punsubscribe", "subscribe", "unsubscribe",
    ];

    private static readonly string[] WithSeveralServers =
    [
        "discard", "eval", "bitop", "brpoplpush", "keys", "mget", "mset", "msetnx", "rename", "renamenx", "rpoplpush", "sdiff", "sdiffstore",
        "sinter", "sinterstore", "smove", "sunion", "sunionstore", "zinterstore", "zunionstore",
    ];

    public static IReadOnlyList<string> Names { get; } = [Plain, WithTransactions];

    public static bool IsPreset(string rule) => rule is Plain or WithTransactions;

    public static bool Covers(string preset, CommandInfo command, bool sharded) =>
        Has(Always, command)
        || ((sharded || preset is Plain) && Has(Transactions, command))
        || (sharded && Has(WithSeveralServers, command));

    private static bool Has(string[] names, CommandInfo command)
    {
        foreach (string name in names)
        {
            if (CommandRules.IsOf(command, name))
            {
                return true;
            }
        }

        return false;
    }
}
