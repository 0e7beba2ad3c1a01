namespace Keyway.Proxy.Configuration;

/// <summary>How a relay puts records together and sends them. What is null is the sink's own limit.</summary>
public sealed record BatchConfig
{
    /// <summary>Most records in a call (<c>batch_records</c>); Firehose takes 500.</summary>
    public int? Records { get; init; }

    /// <summary>Most bytes in a call, as encoded for it (<c>batch_bytes</c>); Firehose takes 4 MiB.</summary>
    public long? Bytes { get; init; }

    /// <summary>Longest record, in bytes, before encoding and with its newline (<c>max_record</c>); Firehose takes 1,024,000. A longer one is refused at the door.</summary>
    public int? MaxRecord { get; init; }

    /// <summary>How long a record waits for others (<c>linger</c>).</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Records are joined to one of up to so many bytes (<c>aggregate</c>); 0 joins none. Firehose bills each record in steps of 5 KiB.</summary>
    public int Aggregate { get; init; }

    /// <summary>Most records joined to one (<c>aggregate_lines</c>).</summary>
    public int AggregateLines { get; init; } = 500;

    /// <summary>What ends a record (<c>newline</c>).</summary>
    public NewlinePolicy Newline { get; init; } = NewlinePolicy.Auto;

    /// <summary>Most calls at a time (<c>parallel</c>).</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>One call at a time, and nothing overtakes a record that failed (<c>strict_order</c>).</summary>
    public bool StrictOrder { get; init; }

    /// <summary>First wait after a failure (<c>retry_min</c>); it doubles, with full jitter.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait after failures (<c>retry_max</c>).</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the answer to a call (<c>request_timeout</c>).</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is tried before its records are dead letters (<c>retry_limit</c>); null for ever.</summary>
    public int? RetryLimit { get; init; }
}
