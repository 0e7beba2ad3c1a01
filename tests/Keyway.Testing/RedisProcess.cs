namespace Keyway.Testing;

/// <summary>A real redis-server without persistence.</summary>
public sealed class RedisProcess : ServerProcess
{
    private const string ConfigFile = "redis.conf";

    private readonly string[] _arguments;
    private readonly bool _remembers;

    private RedisProcess(string[] arguments, int? port, bool remembers = false)
        : base(port)
    {
        _arguments = arguments;
        _remembers = remembers;
        if (remembers)
        {
            File.WriteAllText(Path.Combine(Directory, ConfigFile), "");
        }
    }

    /// <summary>Starts a server; <paramref name="arguments"/> are redis-server's, as <c>--requirepass</c>, <c>secret</c>.</summary>
    public static RedisProcess Start(params string[] arguments) => StartOn(cpus: null, port: null, arguments);

    /// <summary>Starts a server on given CPUs (as taskset writes them) and a given port; null for any.</summary>
    public static RedisProcess StartOn(string? cpus, int? port, params string[] arguments) => Start(new RedisProcess(arguments, port) { Cpus = cpus });

    /// <summary>Starts a server with a configuration file, empty at first: what CONFIG REWRITE (and so a Sentinel) writes there holds after a restart.</summary>
    public static RedisProcess StartWithFile(params string[] arguments) => Start(new RedisProcess(arguments, port: null, remembers: true));

    private static RedisProcess Start(RedisProcess server)
    {
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

    /// <summary>A new connection to the server.</summary>
    public RespClient Connect() => RespClient.Connect(Port);

    /// <inheritdoc/>
    protected override (string Program, IReadOnlyList<string> Arguments) Command() =>
        ("redis-server", [.. _remembers ? [ConfigFile] : Array.Empty<string>(), "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Directory, "--save", "", "--appendonly", "no", .. _arguments]);

    /// <inheritdoc/>
    // A server with a password refuses PING with -NOAUTH, one that loads data with -LOADING.
    protected override bool Answers() => Answers("PING\r\n", "+PONG") || Answers("PING\r\n", "-NOAUTH");
}
