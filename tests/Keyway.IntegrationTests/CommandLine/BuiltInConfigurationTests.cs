using System.Net;
using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.IntegrationTests.CommandLine;

/// <summary>The executable without arguments. Its three ports are fixed: where something else has one of them, there is nothing to test.</summary>
public sealed class BuiltInConfigurationTests
{
    private const int RedisPort = 6380;
    private const int MemcachedPort = 11212;
    private const int RecordsPort = 6381;

    [Fact]
    public void Start_WithoutArguments_ServesRedisAndMemcachedClientsOnLoopback_AndKeepsRecords()
    {
        Assert.SkipUnless(
            IsFree(RedisPort) && IsFree(MemcachedPort) && IsFree(RecordsPort), $"Port {RedisPort}, {MemcachedPort} or {RecordsPort} is taken on this machine.");
        DirectoryInfo state = Directory.CreateTempSubdirectory("keyway-state-");
        using var keyway = ChildProcess.Start(
            KeywayProcess.Executable(), [], Path.GetTempPath(), new Dictionary<string, string> { ["XDG_STATE_HOME"] = state.FullName });
        keyway.WaitUntil(() => keyway.Log.Contains("\nready", StringComparison.Ordinal) || keyway.Log.StartsWith("ready", StringComparison.Ordinal), TimeSpan.FromSeconds(20), "ready");

        using var redis = RespClient.Connect(RedisPort);
        using var memcached = MemcachedClient.Connect(MemcachedPort);
        Assert.Equal("+OK", redis.Call("SET", "k", "redis").ToString());
        Assert.Equal("STORED", memcached.Set("k", "memcached"));
        Assert.Equal("$redis", redis.Call("GET", "k").ToString());
        Assert.Equal("memcached", memcached.Get("k"));
        Assert.Contains($"127.0.0.1:{RedisPort}", keyway.Log);
        Assert.Contains($"127.0.0.1:{MemcachedPort}", keyway.Log);

        using var records = RespClient.Connect(RecordsPort);
        string directory = Path.Combine(state.FullName, "keyway", "records");
        Assert.Equal("+OK", records.Call("SET", "event", "clicked").ToString());
        Assert.Contains(directory, keyway.Log);
        Assert.Equal(0, keyway.Terminate(TimeSpan.FromSeconds(20)));
        Assert.EndsWith(",\"data\":{\"event\":\"clicked\"}}\n", File.ReadAllText(Assert.Single(Directory.GetFiles(directory))), StringComparison.Ordinal);
        state.Delete(recursive: true);
    }

    [Fact]
    public void Start_WithoutAHome_KeepsRecordsInANewDirectoryOfItsOwn()
    {
        Assert.SkipUnless(
            IsFree(RedisPort) && IsFree(MemcachedPort) && IsFree(RecordsPort), $"Port {RedisPort}, {MemcachedPort} or {RecordsPort} is taken on this machine.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has temporary directories for each user");
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("keyway-tmp-");
        DirectoryInfo foreign = temporary.CreateSubdirectory("foreign");
        File.CreateSymbolicLink(Path.Combine(temporary.FullName, "keyway-records-" + Environment.UserName), foreign.FullName);
        using var keyway = ChildProcess.Start(
            KeywayProcess.Executable(), [], Path.GetTempPath(), new Dictionary<string, string> { ["XDG_STATE_HOME"] = "", ["HOME"] = "/proc/none", ["TMPDIR"] = temporary.FullName });
        keyway.WaitUntil(() => keyway.Log.Contains("ready", StringComparison.Ordinal), TimeSpan.FromSeconds(20), "ready");

        using var records = RespClient.Connect(RecordsPort);
        Assert.Equal("+OK", records.Call("SET", "event", "clicked").ToString());
        Assert.Equal(0, keyway.Terminate(TimeSpan.FromSeconds(20)));

        Assert.Empty(foreign.GetFileSystemInfos());
        DirectoryInfo own = Assert.Single(temporary.GetDirectories("keyway-records-*"), static directory => directory.LinkTarget is null);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, own.UnixFileMode);
        Assert.Single(own.GetFiles());
        temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task Help_OfTheProgram_NamesTheAddresses()
    {
        KeywayRun run = await KeywayRun.Run("--help");

        Assert.Contains($"127.0.0.1:{RedisPort}", run.Output);
        Assert.Contains($"127.0.0.1:{MemcachedPort}", run.Output);
        Assert.Contains($"127.0.0.1:{RecordsPort}", run.Output);
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
