using Keyway.Proxy.Configuration.Json;
using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Toml;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>From another program's text to Keyway's configuration.</summary>
internal static class ForeignFile
{
    /// <summary>The text as Keyway's own shape; null after reporting that it is not the program's.</summary>
    public static ImportedFile? Load(ConfigFormat format, string text, Reading reading) => format switch
    {
        ConfigFormat.Rmux => JsonTree.Load(text, reading) is { } root ? RmuxImporter.Import(root, reading) : null,
        ConfigFormat.SmartRelayer => TomlTree.Load(text, reading) is { } root ? RelayerImporter.Import(root, reading) : null,
        ConfigFormat.Golemproxy => YamlTree.Load(text, reading) is { } root ? GolemproxyImporter.Import(root, reading) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>What <paramref name="flags"/> of rmux describe: a pool, or the pools of the JSON file that they name.</summary>
    /// <param name="flags">The command line behind the program's name.</param>
    /// <param name="reading">Gets the mistakes of the flags.</param>
    /// <param name="open">Gives the text of a file and the reading that reports on it; null after reporting that it cannot be read.</param>
    public static ImportedFile? LoadRmuxFlags(IReadOnlyList<string> flags, Reading reading, Func<string, (string Text, Reading Reading)?> open)
    {
        if (RmuxFlags.Parse(flags, reading) is not { } parsed)
        {
            return null;
        }

        ImportedFile? file;
        if (parsed.ConfigFile is { } path)
        {
            file = open(path) is { } opened ? Load(ConfigFormat.Rmux, opened.Text, opened.Reading) : null;
        }
        else
        {
            MappingNode pool = parsed.ToPool();
            file = new ImportedFile(ConfigFormat.Rmux, pool);
            RmuxImporter.Add(pool, "rmux", file, reading);
        }

        if (file is not null)
        {
            parsed.Apply(file, reading);
        }

        return file;
    }

    /// <summary>Reads and checks the file as one of Keyway's own; null if it has mistakes already, or no pool came over.</summary>
    public static KeywayConfig? Check(ImportedFile file, Reading reading)
    {
        if (reading.HasProblems || file.Pools.Count == 0)
        {
            return null;
        }

        KeywayConfig config = RootKeys.Section.Read(RootKeys.Defaults, file.ToTree(), reading);
        CrossChecks.Run(config, reading);
        return config;
    }
}
