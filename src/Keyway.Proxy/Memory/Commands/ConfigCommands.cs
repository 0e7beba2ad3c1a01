using System.Globalization;
using System.Text;

namespace Keyway.Proxy.Memory.Commands;

/// <summary>CONFIG: the settings that a memory server has a counterpart of, to be read. They are changed in Keyway's configuration.</summary>
internal static class ConfigCommands
{
    public static void Config(in MemoryCall call)
    {
        if (!call.Is(1, "GET"u8))
        {
            call.Reply.Error($"ERR unknown subcommand '{call.Text(1)}'. Try CONFIG HELP.");
        }
        else if (call.Count == 2)
        {
            call.Reply.Error("ERR wrong number of arguments for 'config|get' command"u8);
        }
        else
        {
            Get(call);
        }
    }

    private static void Get(in MemoryCall call)
    {
        List<(string Name, string Value)> found = [];
        foreach ((string name, string value) in Settings(call.Store))
        {
            for (int i = 2; i < call.Count; i++)
            {
                if (Glob.IsMatch(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(call[i]).ToLowerInvariant()), Encoding.ASCII.GetBytes(name)))
                {
                    found.Add((name, value));
                    break;
                }
            }
        }

        call.Reply.Map(found.Count);
        foreach ((string name, string value) in found)
        {
            call.Reply.Bulk(Encoding.ASCII.GetBytes(name));
            call.Reply.Bulk(Encoding.ASCII.GetBytes(value));
        }
    }

    private static (string Name, string Value)[] Settings(MemoryStore store) =>
    [
        ("appendonly", "no"),
        ("databases", MemoryStore.Databases.ToString(CultureInfo.InvariantCulture)),
        ("maxmemory", store.MaxBytes.ToString(CultureInfo.InvariantCulture)),
        ("maxmemory-policy", "allkeys-lru"),
        ("save", ""),
    ];
}
