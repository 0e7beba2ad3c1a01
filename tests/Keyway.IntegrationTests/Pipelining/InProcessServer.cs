using Keyway.Proxy.Configuration;
using Keyway.Proxy.Management;
using Keyway.Proxy.Telemetry;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Pipelining;

/// <summary>A proxy in the test's own process, in front of the memory server. No time-out wakes its reactor.</summary>
internal sealed class InProcessServer : IDisposable
{
    private readonly ProxyServer _server;

    public InProcessServer()
    {
        ConfigResult config = ConfigReader.ReadText("test.yml", "pools: {cache: {listen: \"127.0.0.1:0\", timeout: none, servers: [memory]}}");
        _server = ProxyServer.Start(config.Config!, 1, new Log(new LogConfig(), Stream.Null, TimeProvider.System), TimeProvider.System);
    }

    public int Port => int.Parse(_server.Addresses[0].Address.Split(':')[^1]);

    public RespClient Connect() => RespClient.Connect(Port);

    public void Dispose() => _server.Dispose();
}
