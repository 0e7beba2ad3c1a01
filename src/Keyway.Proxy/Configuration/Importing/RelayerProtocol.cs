using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>What one <c>protocol</c> of a relayer becomes.</summary>
internal abstract class RelayerProtocol
{
    /// <summary>Adds the relayer to the file, as a pool or as something left out.</summary>
    public abstract void Import(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading);

    protected static void LeaveOut(ForeignKeys keys, ImportedFile file, ConfigNode at, string reason)
    {
        string listen = keys.Text("listen")?.Value ?? "no address";
        file.LeftOut.Add(new LeftOut(at, $"the relayer on {listen} (protocol {keys.Text("protocol")!.Value}) is not carried over: {reason}"));
    }

    /// <summary>The listening address, as the key that the pool needs for it.</summary>
    protected static void Listen(ForeignKeys keys, ImportedPool pool, Reading reading, string key = "listen", string unixMode = "0777")
    {
        const string Remedy = "write tcp://host:port or unix:/path";
        if (keys.Text("listen") is not { } listen)
        {
            reading.Error(pool.Source, $"{pool.Source.Path} has no listen", Remedy);
        }
        else if (RelayAddress.Parse(listen.Value) is not { } address)
        {
            reading.Error(listen.Node, $"{listen.Node.Path} {Values.Quoting.Show(listen.Value)} is no address", Remedy);
        }
        else if (address.UnixPath is { } path)
        {
            pool.Listen(listen.Node, $"{path} {unixMode}", hasPassword: false, "listen, with the mode that smart-relayer gives it", key);
        }
        else
        {
            pool.Listen(listen.Node, $"{(address.Host.Length == 0 ? "*" : address.Host)}:{address.Port}", hasPassword: false, "listen", key);
        }
    }

    /// <summary>Says what becomes of the keys that nobody asked for.</summary>
    protected static void TellOthers(ForeignKeys keys, ImportedPool pool, IEnumerable<string> withoutEffect)
    {
        foreach (string key in withoutEffect)
        {
            if (keys.Any(key) is not null)
            {
                pool.Remark($"{key}: without effect in smart-relayer, too");
            }
        }

        foreach (ConfigEntry entry in keys.Unknown)
        {
            string remedy = keys.NearestTo(entry.Key.Value) is { } near ? $"did you mean '{near}'?" : "remove it, smart-relayer ignores it, too";
            pool.Warn(entry.Key, $"'{entry.Key.Value}' is unknown and is not carried over", remedy);
        }
    }
}
