using System.Text;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>The commands of a relay: those that make records, and what client libraries say when they connect.</summary>
internal static class RelayCommandTable
{
    private const int LongestName = 16;

    internal static IReadOnlyList<RelayCommand> All { get; } =
    [
        new("set", -3, "write denyoom", 1, null, RecordCommands.Set),
        new("setex", 4, "write denyoom", 1, null, RecordCommands.SetWithExpiry),
        new("psetex", 4, "write denyoom", 1, null, RecordCommands.SetWithExpiry),
        new("sadd", -3, "write denyoom fast", 1, null, RecordCommands.Add),
        new("hset", -4, "write denyoom fast", 1, null, RecordCommands.SetFields),
        new("hmset", -4, "write denyoom fast", 1, null, RecordCommands.SetFieldsOk),
        new("cset", 3, "write denyoom", 1, null, RecordCommands.SetCompressed),
        new("csadd", -3, "write denyoom", 1, null, RecordCommands.AddCompressed),
        new("chmset", -4, "write denyoom", 1, null, RecordCommands.SetFieldsCompressed),
        new("xadd", -5, "write denyoom fast", 1, null, StreamCommand.Add),
        new("lpush", -3, "write denyoom fast", 1, null, RecordCommands.Add),
        new("rpush", -3, "write denyoom fast", 1, null, RecordCommands.Add),
        new("publish", 3, "pubsub loading stale fast", 0, null, RecordCommands.Publish),
        new("rawset", 2, "write denyoom", 0, static (client, frame, args) => client.TakeRaw(frame, args), InTransaction: true),
        new("multi", 1, "noscript loading stale fast", 0, static (client, _, _) => client.BeginTransaction(), InTransaction: true),
        new("exec", 1, "noscript loading stale skip_slowlog", 0, static (client, _, _) => client.Execute(), InTransaction: true),
        new("discard", 1, "noscript loading stale fast", 0, static (client, _, _) => client.Discard(), InTransaction: true),
        new("ping", -1, "fast", 0, SessionCommands.Ping),
        new("echo", 2, "loading stale fast", 0, LocalCommands.Echo),
        new("time", 1, "loading stale fast", 0, LocalCommands.Time),
        new("get", 2, "readonly fast", 1, SessionCommands.Get),
        new("exists", -2, "readonly fast", 1, SessionCommands.Exists),
        new("select", 2, "loading stale fast", 0, SessionCommands.Select),
        new("auth", -2, "noscript loading stale fast no_auth", 0, LocalCommands.Auth),
        new("hello", -1, "noscript loading stale fast no_auth", 0, SessionCommands.Hello),
        new("quit", -1, "noscript loading stale fast no_auth", 0, LocalCommands.Quit, InTransaction: true),
        new("reset", 1, "noscript loading stale fast no_auth", 0, LocalCommands.Reset, InTransaction: true),
        new("client", -2, "loading stale", 0, SessionCommands.Client),
        new("command", -1, "loading stale", 0, IntrospectionCommands.Command),
        new("config", -2, "admin noscript loading stale", 0, IntrospectionCommands.Config),
        new("info", -1, "loading stale", 0, IntrospectionCommands.Info),
    ];

    private static readonly Dictionary<byte[], RelayCommand> ByName =
        All.ToDictionary(static command => Encoding.ASCII.GetBytes(command.Name), BytesComparer.Instance);

    /// <summary>The command with this name in any case, or null.</summary>
    internal static RelayCommand? Find(ReadOnlySpan<byte> name)
    {
        Span<byte> lower = stackalloc byte[LongestName];
        return Ascii.ToLower(name, lower, out int length) == System.Buffers.OperationStatus.Done
            && ByName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(lower[..length], out RelayCommand? found) ? found : null;
    }
}
