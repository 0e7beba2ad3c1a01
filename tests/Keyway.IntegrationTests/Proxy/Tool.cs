using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Runs a program to its end, within a bound of time.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What the program wrote; fails the test when it did not end with 0 in time.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = ChildProcess.Start(program, arguments);
        Assert.True(process.WaitForExit(Limit), $"{program} did not end within {Limit.TotalSeconds} s: {process.Log}");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {process.Log}");
        return process.Log.ReplaceLineEndings("\n").TrimEnd('\n');
    }

    /// <summary>redis-cli against a port.</summary>
    public static string RedisCli(int port, params string[] arguments) => Run("redis-cli", ["-p", $"{port}", .. arguments]);

    /// <summary>A script of this folder against a port, with Debian's Python, which has the client library.</summary>
    public static string Python(string script, int port) =>
        Run("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Proxy", "Scripts", script), $"{port}");
}
