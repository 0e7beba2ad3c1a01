using System.Text;

namespace Keyway.Protocol.Memcached;

/// <summary>The commands of memcached 1.6, with the counts of words that 1.6.18 accepts.</summary>
public static class MemcachedCommandTable
{
    private const int Slots = 256; // a power of two, several times the number of commands

    /// <summary>Every command.</summary>
    public static IReadOnlyList<MemcachedCommand> All { get; } =
    [
        new("get", MemcachedAction.Get, 2),
        new("gets", MemcachedAction.Get, 2),
        new("bget", MemcachedAction.Get, 2),
        new("gat", MemcachedAction.GetAndTouch, 2),
        new("gats", MemcachedAction.GetAndTouch, 2),
        new("set", MemcachedAction.Store, 5, 6) { PlainAnswer = "STORED", IsEarly = true, MayRepeat = true },
        new("add", MemcachedAction.Store, 5, 6) { PlainAnswer = "STORED" },
        new("replace", MemcachedAction.Store, 5, 6) { PlainAnswer = "STORED", MayRepeat = true },
        new("append", MemcachedAction.Store, 5, 6) { PlainAnswer = "STORED" },
        new("prepend", MemcachedAction.Store, 5, 6) { PlainAnswer = "STORED" },
        new("cas", MemcachedAction.Store, 6, 7),
        new("delete", MemcachedAction.Delete, 2, 4) { PlainAnswer = "DELETED", IsEarly = true, MayRepeat = true },
        new("incr", MemcachedAction.Arithmetic, 3, 4),
        new("decr", MemcachedAction.Arithmetic, 3, 4),
        new("touch", MemcachedAction.Touch, 3, 4) { PlainAnswer = "TOUCHED", IsEarly = true, MayRepeat = true },
        new("mg", MemcachedAction.MetaGet, 2),
        new("ms", MemcachedAction.MetaSet, 2),
        new("md", MemcachedAction.MetaDelete, 2),
        new("ma", MemcachedAction.MetaArithmetic, 2),
        new("me", MemcachedAction.MetaDebug, 1),
        new("mn", MemcachedAction.MetaNoOp, 1),
        new("flush_all", MemcachedAction.FlushAll, 1, 3),
        new("stats", MemcachedAction.Stats, 1),
        new("version", MemcachedAction.Version, 1),
        new("verbosity", MemcachedAction.Verbosity, 2, 3),
        new("quit", MemcachedAction.Quit, 1),
        new("shutdown", MemcachedAction.Shutdown, 1),
        new("cache_memlimit", MemcachedAction.Admin, 2, 3) { HasNoReply = true },
        new("extstore", MemcachedAction.Admin, 2) { HasNoReply = true },
        new("lru", MemcachedAction.Admin, 2) { HasNoReply = true },
        new("lru_crawler", MemcachedAction.Admin, 2),
        new("refresh_certs", MemcachedAction.Admin, 1),
        new("slabs", MemcachedAction.Admin, 2) { HasNoReply = true },
        new("watch", MemcachedAction.Admin, 1),
    ];

    // Behind All, which it is made from.
    private static readonly (byte[] Name, MemcachedCommand Command)?[] Index = CreateIndex();

    /// <summary>The command of that name, or null.</summary>
    public static MemcachedCommand? Find(ReadOnlySpan<byte> name)
    {
        for (int slot = SlotOf(name); Index[slot] is { } entry; slot = (slot + 1) & (Slots - 1))
        {
            if (name.SequenceEqual(entry.Name))
            {
                return entry.Command;
            }
        }

        return null;
    }

    private static int SlotOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : (name[0] + (name[^1] * 7) + (name.Length * 31)) & (Slots - 1);

    private static (byte[] Name, MemcachedCommand Command)?[] CreateIndex()
    {
        var index = new (byte[] Name, MemcachedCommand Command)?[Slots];
        foreach (MemcachedCommand command in All)
        {
            byte[] name = Encoding.ASCII.GetBytes(command.Name);
            int slot = SlotOf(name);
            while (index[slot] is not null)
            {
                slot = (slot + 1) & (Slots - 1);
            }

            index[slot] = (name, command);
        }

        return index;
    }
}
