namespace Keyway.Proxy.Configuration;

/// <summary>What a pool with <c>protocol: firehose</c> makes records of, and where they go. How they are kept until then is in <see cref="SmartConfig"/>.</summary>
public sealed record RelayConfig
{
    /// <summary>Where records go (<c>sink</c>).</summary>
    public SinkKind Sink { get; init; } = SinkKind.Firehose;

    /// <summary>The delivery stream, data stream, or key of the Redis stream (<c>stream</c>); null where the sink has none.</summary>
    public string? Stream { get; init; }

    /// <summary>The AWS region (<c>region</c>), or null for what environment and profile say.</summary>
    public string? Region { get; init; }

    /// <summary>The service's address in place of AWS's, the queue's URL, the address to POST to, or the Redis server (<c>endpoint</c>).</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The profile of the shared AWS files (<c>profile</c>), or null.</summary>
    public string? Profile { get; init; }

    /// <summary>The HTTP proxy on the way out (<c>proxy</c>), or null for the environment's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Use the FIPS endpoints of AWS (<c>fips</c>).</summary>
    public bool Fips { get; init; }

    /// <summary>Message group of a FIFO queue (<c>message_group</c>), or null for the pool's name.</summary>
    public string? MessageGroup { get; init; }

    /// <summary>The directory of the file sink (<c>directory</c>), or null.</summary>
    public string? Directory { get; init; }

    /// <summary>Length at which a file is closed and the next begins, in bytes before compression (<c>roll_size</c>).</summary>
    public long RollSize { get; init; } = 64L << 20;

    /// <summary>Age at which a file is closed (<c>roll_interval</c>).</summary>
    public TimeSpan RollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Closed files are compressed with gzip (<c>gzip_files</c>).</summary>
    public bool GzipFiles { get; init; }

    /// <summary>Where HTTP clients connect (<c>http_listen</c>).</summary>
    public IReadOnlyList<ListenConfig> HttpListen { get; init; } = [];

    /// <summary>Whose answers transactions get (<c>compat</c>).</summary>
    public RelayCompat Compat { get; init; } = RelayCompat.Redis;

    /// <summary>How bytes that are not UTF-8 are kept (<c>binary</c>).</summary>
    public BinaryText Binary { get; init; } = BinaryText.Base64;

    /// <summary>Commands that are answered with OK and make no record (<c>ignore_commands</c>), in lower case.</summary>
    public IReadOnlyList<string> IgnoreCommands { get; init; } = [];

    /// <summary>How records are put together and sent.</summary>
    public BatchConfig Batch { get; init; } = new();

    /// <summary>A record is to end with a line feed.</summary>
    public bool EndsLines => Batch.Newline == NewlinePolicy.Add || (Batch.Newline == NewlinePolicy.Auto && Sink != SinkKind.Sqs);
}
