using Keyway.Proxy.Configuration;

namespace Keyway.Server;

/// <summary>Loads the configuration that a command works on, and tells people what is wrong with it.</summary>
internal static class Configurations
{
    private const string Default = "default.yml";

    /// <summary>The file's configuration after printing its warnings; null after printing its mistakes.</summary>
    public static KeywayConfig? Load(string path)
    {
        ConfigResult result = ConfigReader.Read(path);
        foreach (ConfigProblem warning in result.Warnings)
        {
            Terminal.WriteError($"warning: {warning}", ConsoleColor.Yellow);
        }

        foreach (ConfigProblem problem in result.Problems)
        {
            Terminal.WriteError(problem.ToString(), ConsoleColor.Red);
        }

        return result.Config;
    }

    /// <summary>What runs without a file: a cache in this process's memory.</summary>
    public static KeywayConfig BuiltIn()
    {
        using Stream stream = typeof(Configurations).Assembly.GetManifestResourceStream(Default)!;
        using var reader = new StreamReader(stream);
        return ConfigReader.ReadText(Default, reader.ReadToEnd()).Config!;
    }
}
