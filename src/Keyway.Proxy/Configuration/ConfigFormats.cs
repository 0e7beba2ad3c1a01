using System.Diagnostics;

namespace Keyway.Proxy.Configuration;

/// <summary>The formats by name, and how a text is told to be of one.</summary>
public static class ConfigFormats
{
    /// <summary>The names of the formats of other programs, as <c>--from</c> takes them.</summary>
    public static IReadOnlyList<string> ForeignNames { get; } = ["nutcracker", "golemproxy", "rmux", "smart-relayer"];

    /// <summary>The program's name.</summary>
    public static string NameOf(ConfigFormat format) => format switch
    {
        ConfigFormat.Keyway => "keyway",
        ConfigFormat.Nutcracker => "nutcracker",
        ConfigFormat.Golemproxy => "golemproxy",
        ConfigFormat.Rmux => "rmux",
        ConfigFormat.SmartRelayer => "smart-relayer",
        _ => throw new UnreachableException(),
    };

    /// <summary>The format of a program's name, or null if nothing is known of it.</summary>
    public static ConfigFormat? Named(string name)
    {
        foreach (ConfigFormat format in Enum.GetValues<ConfigFormat>())
        {
            if (string.Equals(NameOf(format), name, StringComparison.Ordinal))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>
    /// What the text is by its look: a line <c>[[relayer]]</c> is TOML, a list at the start is rmux's JSON, anything else is YAML, whose root
    /// tells Keyway's own from a nutcracker.yml; null for that.
    /// </summary>
    internal static ConfigFormat? Of(string text) =>
        HasRelayer(text) ? ConfigFormat.SmartRelayer
        : text.AsSpan().TrimStart("\ufeff \t\r\n").StartsWith('[') ? ConfigFormat.Rmux
        : null;

    private static bool HasRelayer(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> header = line.Trim("\ufeff \t");
            if (header.StartsWith("[[") && header[2..].TrimStart(" \t\"'").StartsWith("relayer", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
