using Keyway.Proxy.Configuration.Importing;
using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>
/// Reads a configuration file, Keyway's own or another program's, and reports all of its mistakes at once. The keys are in
/// docs/configuration.md and docs/importing.md.
/// </summary>
public static class ConfigReader
{
    /// <summary>What messages about rmux's flags have in place of a file's name.</summary>
    internal const string RmuxCommandLine = "rmux's command line";

    /// <summary>Reads the file at <paramref name="path"/>; that it cannot be read is a problem like any other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The program that it belongs to, or null to tell by its look.</param>
    public static ConfigResult Read(string path, ConfigFormat? format = null)
    {
        var reading = new Reading(path, ConfigSurroundings.Machine);
        return ConfigText.Load(path, reading) is { } text ? Read(text, format, reading) : reading.Finish(config: null);
    }

    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> only stands in the messages.</summary>
    public static ConfigResult ReadText(string fileName, string text) => ReadText(fileName, text, ConfigSurroundings.Machine);

    /// <summary>Reads a command line of rmux, the program's name left out.</summary>
    public static ConfigResult ReadRmuxFlags(IReadOnlyList<string> flags)
    {
        var reading = new Reading(RmuxCommandLine, ConfigSurroundings.Machine);
        Reading inFile = reading;
        ImportedFile? file = ForeignFile.LoadRmuxFlags(flags, reading, path => ConfigText.Open(path, out inFile));
        ConfigResult result = Finish(file, inFile);
        if (inFile == reading)
        {
            return result;
        }

        ConfigResult ofFlags = reading.Finish(config: null);
        return result with { Warnings = [.. ofFlags.Warnings, .. result.Warnings] };
    }

    internal static ConfigResult ReadText(string fileName, string text, ConfigSurroundings surroundings, ConfigFormat? format = null) =>
        Read(text, format, new Reading(fileName, surroundings));

    private static ConfigResult Read(string text, ConfigFormat? format, Reading reading) => (format ?? ConfigFormats.Of(text)) switch
    {
        null or ConfigFormat.Keyway or ConfigFormat.Nutcracker => ReadYaml(text, format, reading),
        { } foreign => Finish(ForeignFile.Load(foreign, text, reading), reading),
    };

    private static ConfigResult ReadYaml(string text, ConfigFormat? format, Reading reading)
    {
        if (YamlTree.Load(text, reading) is not { } root)
        {
            return reading.Finish(config: null);
        }

        bool isNutcracker = format is null ? NutcrackerShape.Matches(root) : format == ConfigFormat.Nutcracker && root is MappingNode;
        reading.Shape = isNutcracker ? ConfigShape.Nutcracker : ConfigShape.Keyway;
        KeywayConfig config = reading.IsNutcracker
            ? NutcrackerShape.Read((MappingNode)root, reading)
            : RootKeys.Section.Read(RootKeys.Defaults, root, reading);
        CrossChecks.Run(config, reading);
        return reading.Finish(config);
    }

    /// <summary>A proxy that lacks a part of what its file asks for must not start.</summary>
    private static ConfigResult Finish(ImportedFile? file, Reading reading)
    {
        if (file is null)
        {
            return reading.Finish(config: null);
        }

        KeywayConfig? config = ForeignFile.Check(file, reading);
        foreach (LeftOut left in file.LeftOut)
        {
            reading.Error(left.Node, left.Message, "remove it to run the rest, or see 'keyway import'");
        }

        return reading.Finish(config);
    }
}
