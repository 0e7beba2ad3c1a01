using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>
/// Reads a configuration file, Keyway's own shape or a nutcracker.yml, and reports all of its mistakes at once.
/// The keys are in docs/configuration.md.
/// </summary>
public static class ConfigReader
{
    /// <summary>Largest file that is read; a real one has a few kilobytes.</summary>
    private const long MaxFileBytes = 4L << 20;

    /// <summary>Reads the file at <paramref name="path"/>; that it cannot be read is a problem like any other.</summary>
    public static ConfigResult Read(string path)
    {
        var reading = new Reading(path, ConfigSurroundings.Machine);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes })
            {
                reading.Error(0, 0, "is larger than 4mb", "name a configuration file");
                return reading.Finish(config: null);
            }

            return ReadText(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reading.Error(0, 0, $"cannot be read ({Reason(e)})", "name a file that exists and that this user may read");
            return reading.Finish(config: null);
        }
    }

    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> only stands in the messages.</summary>
    public static ConfigResult ReadText(string fileName, string text) => ReadText(fileName, text, ConfigSurroundings.Machine);

    internal static ConfigResult ReadText(string fileName, string text, ConfigSurroundings surroundings)
    {
        var reading = new Reading(fileName, surroundings);
        if (YamlTree.Load(text, reading) is not { } root)
        {
            return reading.Finish(config: null);
        }

        reading.Shape = NutcrackerShape.Matches(root) ? ConfigShape.Nutcracker : ConfigShape.Keyway;
        KeywayConfig config = reading.IsNutcracker
            ? NutcrackerShape.Read((MappingNode)root, reading)
            : RootKeys.Section.Read(RootKeys.Defaults, root, reading);
        CrossChecks.Run(config, reading);
        return reading.Finish(config);
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        _ => "input error",
    };
}
