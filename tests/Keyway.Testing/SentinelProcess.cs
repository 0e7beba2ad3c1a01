namespace Keyway.Testing;

/// <summary>A real Redis Sentinel that watches a master under the name <see cref="MasterName"/>.</summary>
public sealed class SentinelProcess : ServerProcess
{
    /// <summary>The name of the master.</summary>
    public const string MasterName = "cache";

    /// <summary>Milliseconds without an answer after which the master is down for one Sentinel.</summary>
    public const int DownAfter = 1000;

    private readonly string _configFile;

    private SentinelProcess(int master, int quorum, string settings)
        : base(port: null)
    {
        _configFile = Path.Combine(Directory, "sentinel.conf");
        File.WriteAllText(_configFile, $"""
            port {Port}
            bind 127.0.0.1
            dir {Directory}
            sentinel monitor {MasterName} 127.0.0.1 {master} {quorum}
            sentinel down-after-milliseconds {MasterName} {DownAfter}
            sentinel failover-timeout {MasterName} 5000
            {settings}
            """);
    }

    /// <summary>Starts a Sentinel.</summary>
    /// <param name="master">The master's port.</param>
    /// <param name="quorum">How many Sentinels must agree that the master is down.</param>
    /// <param name="settings">Further lines of its configuration.</param>
    public static SentinelProcess Start(int master, int quorum, string settings = "")
    {
        SentinelProcess sentinel = new(master, quorum, settings);
        try
        {
            sentinel.Restart();
            return sentinel;
        }
        catch
        {
            sentinel.Dispose();
            throw;
        }
    }

    /// <summary>A new connection to the Sentinel.</summary>
    public RespClient Connect() => RespClient.Connect(Port);

    /// <inheritdoc/>
    protected override (string Program, IReadOnlyList<string> Arguments) Command() => ("redis-server", [_configFile, "--sentinel"]);

    /// <inheritdoc/>
    protected override bool Answers() => Answers("PING\r\n", "+PONG") || Answers("PING\r\n", "-NOAUTH");
}
