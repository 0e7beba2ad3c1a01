using Keyway.Testing;

namespace Keyway.IntegrationTests.Clients;

/// <summary>What a client connects to: a server of its own, directly or through Keyway, with a password and a unix socket.</summary>
internal sealed class ClientTarget : IDisposable
{
    /// <summary>What clients give with AUTH.</summary>
    public const string Password = "password-of-the-clients";

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-clients-").FullName;
    private readonly RedisProcess _redis;
    private readonly KeywayProcess? _keyway;

    private ClientTarget(bool isThroughKeyway)
    {
        Socket = Path.Combine(_directory, "clients.sock");
        if (!isThroughKeyway)
        {
            _redis = RedisProcess.Start("--requirepass", Password, "--unixsocket", Socket);
            Port = _redis.Port;
            return;
        }

        _redis = RedisProcess.Start("--requirepass", Password);
        try
        {
            Port = FreePorts.Next();
            _keyway = KeywayProcess.Start($"""
                pools:
                  clients:
                    listen: [127.0.0.1:{Port}, {Socket}]
                    servers: [{_redis.Address}]
                    password: {Password}
                    server_password: {Password}
                """);
        }
        catch
        {
            _redis.Dispose();
            throw;
        }
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The path of the unix socket.</summary>
    public string Socket { get; }

    /// <summary>What a failed test says first.</summary>
    public string Name => _keyway is null ? "directly" : "through Keyway";

    /// <summary>A server without anything in front of it.</summary>
    public static ClientTarget Direct() => new(isThroughKeyway: false);

    /// <summary>A server behind Keyway.</summary>
    public static ClientTarget ThroughKeyway() => new(isThroughKeyway: true);

    /// <summary>What Keyway has logged.</summary>
    public string Log => _keyway?.Log ?? string.Empty;

    public void Dispose()
    {
        _keyway?.Dispose();
        _redis.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
