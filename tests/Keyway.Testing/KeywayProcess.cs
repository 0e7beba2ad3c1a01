namespace Keyway.Testing;

/// <summary>The built keyway executable, running a configuration of the test.</summary>
public sealed class KeywayProcess : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly string _directory;

    private KeywayProcess(ChildProcess process, string directory, string configFile)
    {
        Process = process;
        _directory = directory;
        ConfigFile = configFile;
    }

    /// <summary>The running process: id, CPU time, memory, output.</summary>
    public ChildProcess Process { get; }

    /// <summary>The configuration file in use; a test may rewrite it.</summary>
    public string ConfigFile { get; }

    /// <summary>Everything that keyway has written so far.</summary>
    public string Log => Process.Log;

    /// <summary>Starts <c>keyway run -c FILE</c> and waits for its line that begins with <c>ready</c>.</summary>
    /// <param name="config">The text of the configuration; listening ports come from <see cref="FreePorts"/>.</param>
    /// <param name="arguments">Further arguments after the file.</param>
    public static KeywayProcess Start(string config, params string[] arguments) => Start(cpus: null, environment: null, config, arguments);

    /// <summary>As <see cref="Start(string, string[])"/>, on given CPUs as taskset writes them; null for all.</summary>
    public static KeywayProcess StartOn(string? cpus, string config, params string[] arguments) =>
        Start(cpus, environment: null, config, arguments);

    /// <summary>As <see cref="Start(string, string[])"/>, with environment variables added to this process's own.</summary>
    public static KeywayProcess StartWith(IReadOnlyDictionary<string, string> environment, string config, params string[] arguments) =>
        Start(cpus: null, environment, config, arguments);

    /// <summary>As <see cref="StartOn(string?, string, string[])"/>, with environment variables added to this process's own.</summary>
    public static KeywayProcess StartOn(string? cpus, IReadOnlyDictionary<string, string> environment, string config) =>
        Start(cpus, environment, config, []);

    private static KeywayProcess Start(string? cpus, IReadOnlyDictionary<string, string>? environment, string config, string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("keyway-test-").FullName;
        var file = Path.Combine(directory, "keyway.yml");
        File.WriteAllText(file, config);
        string[] command = [Executable(), "run", "-c", file, .. arguments];
        var process = cpus is null
            ? ChildProcess.Start(command[0], command[1..], directory, environment)
            : ChildProcess.Start("taskset", ["-c", cpus, .. command], directory, environment);
        var keyway = new KeywayProcess(process, directory, file);
        try
        {
            process.WaitUntil(() => IsReady(process.Log), StartLimit, "ready");
            return keyway;
        }
        catch
        {
            keyway.Dispose();
            throw;
        }
    }

    /// <summary>The executable: <c>KEYWAY_EXE</c>, else what was built beside the running assembly's configuration.</summary>
    public static string Executable()
    {
        if (Environment.GetEnvironmentVariable("KEYWAY_EXE") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        var own = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";
        var output = Path.Combine(RepositoryRoot(), "src", "Keyway.Server", "bin");
        return new[] { own, "Release", "Debug" }.Select(name => Path.Combine(output, name, "net10.0", "keyway")).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"No built keyway under {output}; build the solution or set KEYWAY_EXE.");
    }

    /// <summary>The directory of the solution file, above the running assembly.</summary>
    public static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Keyway.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("Keyway.slnx is not above " + AppContext.BaseDirectory);
    }

    /// <summary>Stops by SIGTERM and returns the exit code.</summary>
    public int Stop() => Process.Terminate(TimeSpan.FromSeconds(20));

    /// <summary>Kills at once.</summary>
    public void Kill() => Process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsReady(string log) =>
        log.StartsWith("ready", StringComparison.Ordinal) || log.Contains("\nready", StringComparison.Ordinal);
}
