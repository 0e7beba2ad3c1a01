using Keyway.Proxy.Memory.Commands;

namespace Keyway.Proxy.Memory;

/// <summary>The commands that the memory server has; the columns are those of Redis 7.0.15's <c>COMMAND INFO</c>.</summary>
internal static class MemoryCommandTable
{
    private const int LongestName = 16;

    public static IReadOnlyList<MemoryCommand> All { get; } =
    [
        new("ping", -1, "fast", 0, 0, 0, ServerCommands.Ping),
        new("echo", 2, "loading stale fast", 0, 0, 0, ServerCommands.Echo),
        new("select", 2, "loading stale fast", 0, 0, 0, ServerCommands.Select),
        new("auth", -2, "noscript loading stale fast no_auth allow_busy", 0, 0, 0, ServerCommands.Auth),
        new("hello", -1, "noscript loading stale fast no_auth allow_busy", 0, 0, 0, ServerCommands.Hello),
        new("multi", 1, "noscript loading stale fast allow_busy", 0, 0, 0, TransactionCommands.Multi),
        new("watch", -2, "noscript loading stale fast allow_busy", 1, -1, 1, TransactionCommands.Watch),
        new("unwatch", 1, "noscript loading stale fast allow_busy", 0, 0, 0, TransactionCommands.Unwatch),
        new("exec", 1, "noscript loading stale skip_slowlog", 0, 0, 0, TransactionCommands.Exec),
        new("discard", 1, "noscript loading stale fast allow_busy", 0, 0, 0, TransactionCommands.Discard),
        new("command", -1, "loading stale", 0, 0, 0, IntrospectionCommands.Command),
        new("info", -1, "loading stale", 0, 0, 0, IntrospectionCommands.Info),
        new("config", -2, "", 0, 0, 0, ConfigCommands.Config),
        new("role", 1, "noscript loading stale fast", 0, 0, 0, IntrospectionCommands.Role),
        new("dbsize", 1, "readonly fast", 0, 0, 0, ServerCommands.DbSize),
        new("flushall", -1, "write", 0, 0, 0, ServerCommands.FlushAll),
        new("flushdb", -1, "write", 0, 0, 0, ServerCommands.FlushDb),
        new("time", 1, "loading stale fast", 0, 0, 0, ServerCommands.Time),
        new("keys", 2, "readonly", 0, 0, 0, KeyCommands.Keys),
        new("scan", -2, "readonly", 0, 0, 0, KeyCommands.Scan),
        new("randomkey", 1, "readonly", 0, 0, 0, KeyCommands.RandomKey),
        new("type", 2, "readonly fast", 1, 1, 1, KeyCommands.Type),
        new("exists", -2, "readonly fast", 1, -1, 1, KeyCommands.Exists),
        new("del", -2, "write", 1, -1, 1, KeyCommands.Del),
        new("unlink", -2, "write fast", 1, -1, 1, KeyCommands.Del),
        new("touch", -2, "readonly fast", 1, -1, 1, KeyCommands.Exists),
        new("rename", 3, "write", 1, 2, 1, KeyCommands.Rename),
        new("renamenx", 3, "write fast", 1, 2, 1, KeyCommands.RenameNx),
        new("expire", -3, "write fast", 1, 1, 1, ExpiryCommands.Expire),
        new("pexpire", -3, "write fast", 1, 1, 1, ExpiryCommands.PExpire),
        new("expireat", -3, "write fast", 1, 1, 1, ExpiryCommands.ExpireAt),
        new("pexpireat", -3, "write fast", 1, 1, 1, ExpiryCommands.PExpireAt),
        new("ttl", 2, "readonly fast", 1, 1, 1, ExpiryCommands.Ttl),
        new("pttl", 2, "readonly fast", 1, 1, 1, ExpiryCommands.PTtl),
        new("expiretime", 2, "readonly fast", 1, 1, 1, ExpiryCommands.ExpireTime),
        new("pexpiretime", 2, "readonly fast", 1, 1, 1, ExpiryCommands.PExpireTime),
        new("persist", 2, "write fast", 1, 1, 1, ExpiryCommands.Persist),
        new("get", 2, "readonly fast", 1, 1, 1, StringCommands.Get),
        new("set", -3, "write denyoom", 1, 1, 1, StringCommands.Set),
        new("setnx", 3, "write denyoom fast", 1, 1, 1, StringCommands.SetNx),
        new("setex", 4, "write denyoom", 1, 1, 1, StringCommands.SetEx),
        new("psetex", 4, "write denyoom", 1, 1, 1, StringCommands.PSetEx),
        new("getset", 3, "write denyoom fast", 1, 1, 1, StringCommands.GetSet),
        new("getdel", 2, "write fast", 1, 1, 1, StringCommands.GetDel),
        new("getex", -2, "write fast", 1, 1, 1, StringCommands.GetEx),
        new("append", 3, "write denyoom fast", 1, 1, 1, StringCommands.Append),
        new("strlen", 2, "readonly fast", 1, 1, 1, StringCommands.StrLen),
        new("getrange", 4, "readonly", 1, 1, 1, StringCommands.GetRange),
        new("setrange", 4, "write denyoom", 1, 1, 1, StringCommands.SetRange),
        new("mget", -2, "readonly fast", 1, -1, 1, StringCommands.MGet),
        new("mset", -3, "write denyoom", 1, -1, 2, StringCommands.MSet),
        new("msetnx", -3, "write denyoom", 1, -1, 2, StringCommands.MSetNx),
        new("incr", 2, "write denyoom fast", 1, 1, 1, CounterCommands.Incr),
        new("decr", 2, "write denyoom fast", 1, 1, 1, CounterCommands.Decr),
        new("incrby", 3, "write denyoom fast", 1, 1, 1, CounterCommands.IncrBy),
        new("decrby", 3, "write denyoom fast", 1, 1, 1, CounterCommands.DecrBy),
        new("incrbyfloat", 3, "write denyoom fast", 1, 1, 1, CounterCommands.IncrByFloat),
        new("hset", -4, "write denyoom fast", 1, 1, 1, HashCommands.Set),
        new("hmset", -4, "write denyoom fast", 1, 1, 1, HashCommands.MSet),
        new("hsetnx", 4, "write denyoom fast", 1, 1, 1, HashCommands.SetNx),
        new("hget", 3, "readonly fast", 1, 1, 1, HashCommands.Get),
        new("hmget", -3, "readonly fast", 1, 1, 1, HashCommands.MGet),
        new("hgetall", 2, "readonly", 1, 1, 1, HashCommands.GetAll),
        new("hdel", -3, "write fast", 1, 1, 1, HashCommands.Del),
        new("hexists", 3, "readonly fast", 1, 1, 1, HashCommands.Exists),
        new("hlen", 2, "readonly fast", 1, 1, 1, HashCommands.Len),
        new("hkeys", 2, "readonly", 1, 1, 1, HashCommands.Keys),
        new("hvals", 2, "readonly", 1, 1, 1, HashCommands.Vals),
        new("hstrlen", 3, "readonly fast", 1, 1, 1, HashCommands.StrLen),
        new("hincrby", 4, "write denyoom fast", 1, 1, 1, HashCommands.IncrBy),
        new("hincrbyfloat", 4, "write denyoom fast", 1, 1, 1, HashCommands.IncrByFloat),
        new("hscan", -3, "readonly", 1, 1, 1, HashCommands.Scan),
    ];

    private static readonly Dictionary<byte[], MemoryCommand> ByName =
        All.ToDictionary(static c => System.Text.Encoding.ASCII.GetBytes(c.Name), BytesComparer.Instance);

    /// <summary>The command with this name in any case, or null.</summary>
    public static MemoryCommand? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        Span<byte> lower = stackalloc byte[LongestName];
        for (int i = 0; i < name.Length; i++)
        {
            lower[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
        }

        return ByName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(lower[..name.Length], out MemoryCommand? found) ? found : null;
    }
}
