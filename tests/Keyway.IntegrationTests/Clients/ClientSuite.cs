using Keyway.Testing;

namespace Keyway.IntegrationTests.Clients;

/// <summary>A script of this folder: checks of one client library, each a line <c>ok NAME</c> or <c>not ok NAME: why</c>.</summary>
internal static class ClientSuite
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "Clients", "Scripts");

    /// <summary>Runs a suite directly and through Keyway, at the same time; fails with the checks that fail.</summary>
    public static void HoldsAsDirectly(string script, string argument = "")
    {
        var runs = new Func<ClientTarget>[] { ClientTarget.Direct, ClientTarget.ThroughKeyway }
            .Select(start => Task.Factory.StartNew(() => Run(script, argument, start), TaskCreationOptions.LongRunning))
            .ToArray();
        var results = Task.WhenAll(runs).GetAwaiter().GetResult();
        Assert.True(results.All(result => result.Problems.Length == 0), string.Join('\n', results.SelectMany(result => result.Problems)));
        Assert.NotEmpty(results[0].Passed);
        Assert.Equal(results[0].Passed, results[1].Passed);
    }

    private static (string[] Passed, string[] Problems) Run(string script, string argument, Func<ClientTarget> start)
    {
        using var target = start();
        using var process = Start(Path.Combine(Scripts, script), [$"{target.Port}", ClientTarget.Password, target.Socket, argument]);
        var isEnded = process.WaitForExit(Limit);
        var lines = process.Log.ReplaceLineEndings("\n").Split('\n');
        var problems = lines.Where(line => line.StartsWith("not ok ", StringComparison.Ordinal)).Select(line => $"{target.Name}: {line}").ToList();
        if (!isEnded || (process.ExitCode != 0 && problems.Count == 0))
        {
            problems.Add($"{target.Name}: {(isEnded ? $"exit code {process.ExitCode}" : "did not end")}:\n{process.Log}\n{target.Log}");
        }

        return ([.. lines.Where(line => line.StartsWith("ok ", StringComparison.Ordinal))], [.. problems]);
    }

    private static ChildProcess Start(string script, string[] arguments)
    {
        var modules = Path.Combine(KeywayProcess.RepositoryRoot(), "artifacts", "clients", "node_modules");
        var environment = new Dictionary<string, string> { ["NODE_PATH"] = modules, ["PYTHONDONTWRITEBYTECODE"] = "1" };
        string[] command = Path.GetExtension(script) switch
        {
            // Debian's own Python: one earlier on the path may lack the libraries.
            ".py" => ["/usr/bin/python3", script],
            ".js" => ["node", script],
            ".php" => ["php", script],
            ".c" => [Compiled.Value],
            _ => throw new ArgumentException($"No program runs {script}.", nameof(script)),
        };
        return ChildProcess.Start(command[0], [.. command[1..], "127.0.0.1", .. arguments], environment: environment);
    }

    private static readonly Lazy<string> Compiled = new(() =>
    {
        var program = Path.Combine(AppContext.BaseDirectory, "hiredis-suite");
        using var compiler = ChildProcess.Start("gcc", ["-Wall", "-Werror", "-O1", "-o", program, Path.Combine(Scripts, "hiredis.c"), "-lhiredis"]);
        Assert.True(compiler.WaitForExit(Limit) && compiler.ExitCode == 0, compiler.Log);
        return program;
    });
}
