using System.Globalization;

namespace Keyway.Testing;

/// <summary>The relay of <c>benchmarks/Keyway.DelayRelay</c>: a server behind it is as if at a distance. It ends with this object.</summary>
public sealed class DelayRelayProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private DelayRelayProcess(ChildProcess process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where clients connect, as configuration files write it.</summary>
    public string Address { get; }

    /// <summary>The loopback port that clients connect to.</summary>
    public int Port => int.Parse(Address.Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>Starts a relay that listens on a free loopback port.</summary>
    /// <param name="to">The server: <c>127.0.0.1:port</c> or the path of a unix socket.</param>
    /// <param name="delay">How long each direction takes: half of a round trip.</param>
    /// <param name="cpus">CPUs that it may use, as taskset writes them, or null for all.</param>
    public static DelayRelayProcess Start(string to, TimeSpan delay, string? cpus = null)
    {
        var address = $"127.0.0.1:{FreePorts.Next()}";
        string[] command =
        [
            Path.Combine(AppContext.BaseDirectory, "Keyway.DelayRelay"), address, to, delay.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        ];
        var process = cpus is null ? ChildProcess.Start(command[0], command[1..]) : ChildProcess.Start("taskset", ["-c", cpus, .. command]);
        var relay = new DelayRelayProcess(process, address);
        try
        {
            process.WaitUntil(() => process.Log.Contains("ready ", StringComparison.Ordinal), Limit, "ready");
            return relay;
        }
        catch
        {
            relay.Dispose();
            throw;
        }
    }

    /// <summary>Stops the relay and returns what it says of its own precision.</summary>
    public string Stop()
    {
        _process.Terminate(Limit);
        return _process.Log.TrimEnd().Split('\n')[^1];
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
