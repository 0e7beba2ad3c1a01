namespace Keyway.Proxy.Configuration;

/// <summary>What a pool's clients and servers speak.</summary>
public enum PoolProtocol
{
    /// <summary>RESP2 and RESP3: Redis, Valkey and their relatives.</summary>
    Redis,

    /// <summary>The memcached text and meta protocols.</summary>
    Memcached,

    /// <summary>Redis's and HTTP's requests become records, and no server is behind them.</summary>
    Firehose,
}
