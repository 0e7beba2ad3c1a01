namespace Keyway.Proxy.Configuration.Importing;

/// <summary>What one <c>protocol</c> of a relayer becomes.</summary>
internal abstract class RelayProtocol
{
    /// <summary>Adds the relayer to the file, as a pool or as something left out.</summary>
    public abstract void Import(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading);

    protected static void LeaveOut(ForeignKeys keys, ImportedFile file, Yaml.ConfigNode at, string reason)
    {
        string listen = keys.Text("listen")?.Value ?? "no address";
        file.LeftOut.Add(new LeftOut(at, $"the relayer on {listen} (protocol {keys.Text("protocol")!.Value}) is not carried over: {reason}"));
    }
}
