namespace Keyway.Proxy.Configuration.Importing;

/// <summary>A relayer whose work Keyway does not do.</summary>
internal sealed class LaterRelay(string reason) : RelayerProtocol
{
    public override void Import(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading) =>
        LeaveOut(keys, file, pool.Source, reason);
}
