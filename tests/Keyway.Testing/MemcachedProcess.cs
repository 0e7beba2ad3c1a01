namespace Keyway.Testing;

/// <summary>A real memcached.</summary>
public sealed class MemcachedProcess : ServerProcess
{
    private readonly string[] _arguments;

    private MemcachedProcess(string[] arguments, string? cpus)
        : base(port: null)
    {
        _arguments = arguments;
        Cpus = cpus;
    }

    /// <summary>Starts a server; <paramref name="arguments"/> are memcached's, as <c>-m</c>, <c>16</c>.</summary>
    public static MemcachedProcess Start(params string[] arguments) => StartOn(cpus: null, arguments);

    /// <summary>Starts a server that wants <c>user:password</c> first, as its option <c>-Y</c> has it.</summary>
    public static MemcachedProcess StartWithPassword(string user, string password)
    {
        var server = new MemcachedProcess(["-Y", "passwords"], cpus: null);
        try
        {
            File.WriteAllText(Path.Combine(server.Directory, "passwords"), $"{user}:{password}\n");
            server.Restart();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts a server on given CPUs.</summary>
    public static MemcachedProcess StartOn(string? cpus, params string[] arguments)
    {
        var server = new MemcachedProcess(arguments, cpus);
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
    public MemcachedClient Connect() => MemcachedClient.Connect(Port);

    /// <inheritdoc/>
    // As root memcached wants to be told a user; root itself keeps the test's directory usable.
    protected override (string Program, IReadOnlyList<string> Arguments) Command() =>
        ("memcached", ["-p", $"{Port}", "-l", "127.0.0.1", "-U", "0", "-t", "1", .. Environment.UserName == "root" ? ["-u", "root"] : Array.Empty<string>(), .. _arguments]);

    /// <inheritdoc/>
    // A server with passwords (-Y) refuses everything but these.
    protected override bool Answers() => Answers("version\r\n", "VERSION") || Answers("version\r\n", "CLIENT_ERROR");
}
