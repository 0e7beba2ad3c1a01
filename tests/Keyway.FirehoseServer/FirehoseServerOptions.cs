using System.Security.Cryptography.X509Certificates;

namespace Keyway.FirehoseServer;

/// <summary>What a <see cref="LocalFirehose"/> is and knows.</summary>
public sealed record FirehoseServerOptions
{
    /// <summary>The loopback port; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>What it shows to clients, with its private key; null for plain HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The region that signatures must name.</summary>
    public string Region { get; init; } = "eu-west-1";

    /// <summary>The access key that is known from the start.</summary>
    public string AccessKey { get; init; } = "AKIDLOCAL";

    /// <summary>Its secret.</summary>
    public string SecretKey { get; init; } = "local-secret";

    /// <summary>The delivery streams that exist; null for any.</summary>
    public IReadOnlyList<string>? Streams { get; init; }

    /// <summary>Accepted data is appended here, as Firehose writes it to S3: with nothing between records. Null for none.</summary>
    public string? LedgerFile { get; init; }

    /// <summary>The ledger counts and forgets, for long runs.</summary>
    public bool CountOnly { get; init; }

    /// <summary>A record that contains this text makes its whole batch invalid; null for none.</summary>
    public string? Poison { get; init; }

    /// <summary>Most records a second and stream; further ones get "Slow down.". 0 for no bound.</summary>
    public long RecordsPerSecond { get; init; }

    /// <summary>Most bytes a second and stream. 0 for no bound.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Most requests a second and stream. 0 for no bound.</summary>
    public long RequestsPerSecond { get; init; }

    /// <summary>The faults of the first calls, in order, as <see cref="FaultScript.Add(string)"/> reads them.</summary>
    public string Script { get; init; } = "";

    /// <summary>How often which fault happens when the script is over: <c>slow=0.1,reset-after=0.01</c>.</summary>
    public string Rates { get; init; } = "";

    /// <summary>Makes runs with the same faults.</summary>
    public int Seed { get; init; } = 1;
}
