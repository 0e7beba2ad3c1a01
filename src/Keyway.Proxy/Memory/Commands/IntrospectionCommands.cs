using System.Globalization;
using System.Text;

namespace Keyway.Proxy.Memory.Commands;

/// <summary>What the server tells of itself: COMMAND, INFO and ROLE.</summary>
internal static class IntrospectionCommands
{
    public static void Command(in MemoryCall call)
    {
        if (call.Count == 1 || (call.Count == 2 && call.Is(1, "INFO"u8)))
        {
            call.Reply.Array(MemoryCommandTable.All.Count);
            foreach (MemoryCommand command in MemoryCommandTable.All)
            {
                Describe(call.Reply, command);
            }
        }
        else if (call.Is(1, "COUNT"u8) && call.Count == 2)
        {
            call.Reply.Integer(MemoryCommandTable.All.Count);
        }
        else if (call.Is(1, "LIST"u8) && call.Count == 2)
        {
            call.Reply.Array(MemoryCommandTable.All.Count);
            foreach (MemoryCommand command in MemoryCommandTable.All)
            {
                call.Reply.Bulk(Encoding.ASCII.GetBytes(command.Name));
            }
        }
        else if (call.Is(1, "COUNT"u8))
        {
            call.Reply.Error("ERR wrong number of arguments for 'command|count' command"u8);
        }
        else if (call.Is(1, "INFO"u8))
        {
            call.Reply.Array(call.Count - 2);
            for (int i = 2; i < call.Count; i++)
            {
                Describe(call.Reply, MemoryCommandTable.Find(call[i]));
            }
        }
        else
        {
            call.Reply.Error($"ERR unknown subcommand '{call.Text(1)}'. Try COMMAND HELP.");
        }
    }

    public static void Info(in MemoryCall call)
    {
        var text = new StringBuilder();
        AddSection(call, text, "server"u8, Server(call.Store));
        AddSection(call, text, "memory"u8, Memory(call.Store));
        AddSection(call, text, "stats"u8, Stats(call.Store.Stats));
        AddSection(call, text, "keyspace"u8, Keyspace(call.Store));
        call.Reply.Verbatim(Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>A primary at offset 0 that has no replicas.</summary>
    public static void Role(in MemoryCall call)
    {
        call.Reply.Array(3);
        call.Reply.Bulk("master"u8);
        call.Reply.Integer(0);
        call.Reply.Array(0);
    }

    // Categories, tips, key specifications and subcommands are left empty: nothing here has need of them.
    private static void Describe(MemoryReply reply, MemoryCommand? command)
    {
        if (command is null)
        {
            reply.Null();
            return;
        }

        string[] flags = command.Flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        reply.Array(10);
        reply.Bulk(Encoding.ASCII.GetBytes(command.Name));
        reply.Integer(command.Arity);
        reply.Set(flags.Length);
        foreach (string flag in flags)
        {
            reply.Simple(Encoding.ASCII.GetBytes(flag));
        }

        reply.Integer(command.FirstKey);
        reply.Integer(command.LastKey);
        reply.Integer(command.KeyStep);
        reply.Set(0);
        reply.Set(0);
        reply.Set(0);
        reply.Set(0);
    }

    private static void AddSection(in MemoryCall call, StringBuilder text, ReadOnlySpan<byte> name, string section)
    {
        bool wanted = call.Count == 1;
        for (int i = 1; i < call.Count; i++)
        {
            wanted |= call.Is(i, name) || call.Is(i, "default"u8) || call.Is(i, "all"u8) || call.Is(i, "everything"u8);
        }

        if (wanted)
        {
            text.Append(text.Length > 0 ? "\r\n" : "").Append(section);
        }
    }

    private static string Server(MemoryStore store) => string.Create(
        CultureInfo.InvariantCulture,
        $"# Server\r\nredis_version:{ServerCommands.CompatibleVersion}\r\nredis_mode:standalone\r\nuptime_in_seconds:{store.UptimeSeconds}\r\n");

    private static string Memory(MemoryStore store) => string.Create(
        CultureInfo.InvariantCulture,
        $"# Memory\r\nused_memory:{store.Stats.UsedBytes}\r\nmaxmemory:{store.MaxBytes}\r\nmaxmemory_policy:allkeys-lru\r\n");

    private static string Stats(MemoryStats stats) => string.Create(
        CultureInfo.InvariantCulture,
        $"# Stats\r\ntotal_commands_processed:{stats.Commands}\r\nexpired_keys:{stats.Expired}\r\nevicted_keys:{stats.Evicted}\r\n")
        + string.Create(CultureInfo.InvariantCulture, $"keyspace_hits:{stats.Hits}\r\nkeyspace_misses:{stats.Misses}\r\n");

    private static string Keyspace(MemoryStore store)
    {
        var text = new StringBuilder("# Keyspace\r\n");
        for (int i = 0; i < MemoryStore.Databases; i++)
        {
            MemoryDatabase database = store.Database(i);
            if (database.Entries.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"db{i}:keys={database.Entries.Count},expires={database.Expiring.Count},avg_ttl=0\r\n");
            }
        }

        return text.ToString();
    }
}
