using Keyway.Proxy.Configuration;

namespace Keyway.Server;

/// <summary>Loads the configuration that a command works on, and tells people what is wrong with it.</summary>
internal static class Configurations
{
    private const string Default = "default.yml";
    private const string RecordsPlace = "@RECORDS@";

    private static readonly Lazy<string> Records = new(MakeRecordsDirectory);

    /// <summary>Where the built-in configuration keeps records: the user's directory for what programs keep, else a temporary one. It is made by the first look.</summary>
    public static string RecordsDirectory => Records.Value;

    /// <summary>The file's configuration after printing its warnings; null after printing its mistakes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The program that it belongs to, or null to tell by its look.</param>
    public static KeywayConfig? Load(string path, ConfigFormat? format = null)
    {
        ConfigResult result = ConfigReader.Read(path, format);
        Tell(result.Warnings, result.Problems);
        return result.Config;
    }

    /// <summary>Prints what a person should know of a file.</summary>
    public static void Tell(IReadOnlyList<ConfigProblem> warnings, IReadOnlyList<ConfigProblem> problems)
    {
        foreach (ConfigProblem warning in warnings)
        {
            Terminal.WriteError($"warning: {warning}", ConsoleColor.Yellow);
        }

        foreach (ConfigProblem problem in problems)
        {
            Terminal.WriteError(problem.ToString(), ConsoleColor.Red);
        }
    }

    /// <summary>What runs without a file: caches in this process's memory, and a relay that keeps records in files.</summary>
    public static KeywayConfig BuiltIn()
    {
        using Stream stream = typeof(Configurations).Assembly.GetManifestResourceStream(Default)!;
        using var reader = new StreamReader(stream);
        return ConfigReader.ReadText(Default, reader.ReadToEnd().Replace(RecordsPlace, RecordsDirectory.Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal)).Config!;
    }

    private static string MakeRecordsDirectory()
    {
        string state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "", ".local", "state");
        string own = Path.Combine(state, "keyway", "records");
        try
        {
            // A relative path is no home's (https://specifications.freedesktop.org/basedir-spec/latest/).
            return Path.IsPathRooted(own) ? Directory.CreateDirectory(own).FullName : Temporary();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Temporary();
        }

        // New, with a name that nobody can guess, and this user's alone: whoever shares the machine could have put something of a fixed name there.
        static string Temporary() => Directory.CreateTempSubdirectory("keyway-records-").FullName;
    }
}
