using Keyway.Proxy.Configuration.Importing;
using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>Rewrites another program's configuration as Keyway's own. What becomes of each key is in docs/importing.md.</summary>
public static class ConfigImport
{
    /// <summary>Rewrites the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="from">The program, or null to tell by the file's look.</param>
    public static ImportResult Read(string path, ConfigFormat? from)
    {
        var reading = new Reading(path, ConfigSurroundings.Machine);
        return ConfigText.Load(path, reading) is { } text ? ReadText(path, text, from, reading) : Failed(reading);
    }

    /// <summary>Rewrites a command line of rmux, the program's name left out.</summary>
    public static ImportResult ReadRmuxFlags(IReadOnlyList<string> flags)
    {
        var reading = new Reading(ConfigReader.RmuxCommandLine, ConfigSurroundings.Machine);
        Reading inFile = reading;
        ImportedFile? file = ForeignFile.LoadRmuxFlags(flags, reading, path => ConfigText.Open(path, out inFile));
        return Result(file, ConfigReader.RmuxCommandLine, inFile, reading);
    }

    internal static ImportResult ReadText(string fileName, string text, ConfigFormat? from, ConfigSurroundings surroundings) =>
        ReadText(fileName, text, from, new Reading(fileName, surroundings));

    private static ImportResult ReadText(string fileName, string text, ConfigFormat? from, Reading reading) =>
        (from ?? ConfigFormats.Of(text)) switch
        {
            null or ConfigFormat.Nutcracker => Result(Nutcracker(fileName, text, reading), fileName, reading, reading),
            ConfigFormat.Keyway => throw new ArgumentOutOfRangeException(nameof(from)),
            { } foreign => Result(ForeignFile.Load(foreign, text, reading), fileName, reading, reading),
        };

    private static ImportedFile? Nutcracker(string fileName, string text, Reading reading)
    {
        if (YamlTree.Load(text, reading) is not { } root)
        {
            return null;
        }

        if (!NutcrackerShape.Matches(root))
        {
            bool isOwn = root is MappingNode mapping && mapping.Find("pools") is not null;
            reading.Error(
                root,
                isOwn ? "this is a file of Keyway's own" : "this is no file of a program that is known",
                isOwn ? "run it as it is" : $"name the program: --from {string.Join(", ", ConfigFormats.ForeignNames)}");
            return null;
        }

        // Its mistakes are those of nutcracker's shape; what it then says, the importer needs, too.
        ConfigResult direct = ConfigReader.ReadText(fileName, text, reading.Surroundings, ConfigFormat.Nutcracker);
        if (direct.Config is null)
        {
            reading.Add(direct.Problems);
            return null;
        }

        return NutcrackerImporter.Import((MappingNode)root, direct.Config, reading);
    }

    /// <param name="file">What was made, if anything.</param>
    /// <param name="name">What it was made from.</param>
    /// <param name="reading">Of the file.</param>
    /// <param name="flags">Of the command line, if that is something else.</param>
    private static ImportResult Result(ImportedFile? file, string name, Reading reading, Reading flags)
    {
        KeywayConfig? config = null;
        if (file is not null)
        {
            foreach (LeftOut left in file.LeftOut)
            {
                reading.Warn(left.Node, left.Message, "nothing else in the file is affected");
            }

            config = ForeignFile.Check(file, reading);
        }

        ConfigResult ofFile = reading.Finish(config);
        ConfigResult ofFlags = flags == reading ? new ConfigResult { Problems = [], Warnings = [] } : flags.Finish(config: null);
        return new ImportResult
        {
            Yaml = ofFile.Config is not null && ofFlags.Problems.Count == 0 ? ImportedYaml.Write(file!, name) : null,
            IsPartial = file is { LeftOut.Count: > 0 },
            Problems = [.. ofFlags.Problems, .. ofFile.Problems],
            Warnings = [.. ofFlags.Warnings, .. ofFile.Warnings],
        };
    }

    private static ImportResult Failed(Reading reading)
    {
        ConfigResult result = reading.Finish(config: null);
        return new ImportResult { Problems = result.Problems, Warnings = result.Warnings };
    }
}
