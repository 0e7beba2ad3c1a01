namespace Keyway.Testing;

/// <summary>A real nutcracker (twemproxy) with one pool, the peer that Keyway must agree with.</summary>
public sealed class NutcrackerProcess : ServerProcess
{
    private readonly string _pool;
    private readonly int _statsPort = FreePorts.Next();

    private NutcrackerProcess(string pool, string? cpus)
        : base(port: null)
    {
        _pool = pool;
        Cpus = cpus;
    }

    /// <summary>
    /// Starts nutcracker. <paramref name="pool"/> holds the pool's settings as lines of YAML without indentation and
    /// without <c>listen</c>, which is added.
    /// </summary>
    public static NutcrackerProcess Start(string pool, string? cpus = null)
    {
        var server = new NutcrackerProcess(pool, cpus);
        try
        {
            server.Restart();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override (string Program, IReadOnlyList<string> Arguments) Command()
    {
        var file = Path.Combine(Directory, "nutcracker.yml");
        var lines = _pool.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "  " + line);
        File.WriteAllLines(file, ["pool:", $"  listen: {Address}", .. lines]);
        return ("nutcracker", ["-c", file, "-a", "127.0.0.1", "-s", $"{_statsPort}", "-p", Path.Combine(Directory, "pid"), "-o", Path.Combine(Directory, "log")]);
    }

    /// <inheritdoc/>
    // It answers PING itself in a Redis pool, and "version" by itself in a memcached one.
    protected override bool Answers() =>
        _pool.Contains("redis: true", StringComparison.Ordinal) ? Answers("*1\r\n$4\r\nPING\r\n", "+PONG") : Answers("version\r\n", "VERSION");
}
