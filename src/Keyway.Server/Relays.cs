using Keyway.Proxy.Configuration;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Telemetry;
using Keyway.WriteBehind.Batching;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Sinks;

namespace Keyway.Server;

/// <summary>Opens what takes and delivers the records of pools with <c>protocol: firehose</c>.</summary>
internal static class Relays
{
    /// <exception cref="IOException">The sink or the journal cannot be used.</exception>
    public static IRecordSpool Open(PoolConfig pool, Log log)
    {
        try
        {
            return Open(pool, SinkFactory.Create(pool, TimeProvider.System), log);
        }
        catch (Exception e) when (e is IOException or JournalException or UnauthorizedAccessException)
        {
            throw new IOException($"pool {pool.Name}: {e.Message}", e);
        }
    }

    private static Relay Open(PoolConfig pool, ISink sink, Log log)
    {
        try
        {
            return Relay.Open(pool, sink, log, TimeProvider.System);
        }
        catch
        {
            sink.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }
}
