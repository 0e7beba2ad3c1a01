namespace Keyway.Protocol.Commands;

/// <summary>The names that servers give to flags.</summary>
internal static class CommandFlagNames
{
    /// <summary>The flag of a name; none for a name that a newer server may have thought of.</summary>
    public static CommandFlags Parse(string name) => name switch
    {
        "write" => CommandFlags.Write,
        "readonly" => CommandFlags.ReadOnly,
        "denyoom" => CommandFlags.DenyOom,
        "admin" => CommandFlags.Admin,
        "pubsub" => CommandFlags.PubSub,
        "noscript" => CommandFlags.NoScript,
        "blocking" => CommandFlags.Blocking,
        "loading" => CommandFlags.Loading,
        "stale" => CommandFlags.Stale,
        "fast" => CommandFlags.Fast,
        "movablekeys" => CommandFlags.MovableKeys,
        "no_auth" => CommandFlags.NoAuth,
        "no_multi" => CommandFlags.NoMulti,
        "module" => CommandFlags.Module,
        "asking" => CommandFlags.Asking,
        "skip_monitor" => CommandFlags.SkipMonitor,
        "skip_slowlog" => CommandFlags.SkipSlowLog,
        "no_mandatory_keys" => CommandFlags.NoMandatoryKeys,
        "allow_busy" => CommandFlags.AllowBusy,
        "no_async_loading" => CommandFlags.NoAsyncLoading,
        _ => CommandFlags.None,
    };
}
