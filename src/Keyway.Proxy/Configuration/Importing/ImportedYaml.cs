using System.Globalization;
using System.Text;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>Writes an imported file as a person would: in YAML, with comments that say what came from where and what did not come along.</summary>
internal sealed class ImportedYaml
{
    private const int CommentWidth = 120;

    private readonly StringBuilder _text = new();

    private ImportedYaml()
    {
    }

    /// <summary>The text; lines end with '\n'.</summary>
    /// <param name="file">What to write.</param>
    /// <param name="fileName">The other program's file, for the heading.</param>
    public static string Write(ImportedFile file, string fileName)
    {
        ImportedYaml yaml = new();
        yaml.Comment("", $"Keyway configuration, made by keyway import from {fileName} ({ConfigFormats.NameOf(file.Format)}).");
        foreach (string remark in file.Remarks)
        {
            yaml.Comment("", remark);
        }

        foreach (LeftOut left in file.LeftOut)
        {
            yaml.Comment("", string.Create(CultureInfo.InvariantCulture, $"line {left.Node.Line}: {left.Message}"));
        }

        foreach (ImportedKey key in file.Keys)
        {
            yaml.Key("", key);
        }

        yaml.Line("pools:");
        foreach (ImportedPool pool in file.Pools)
        {
            yaml.Pool(pool);
        }

        return yaml._text.ToString();
    }

    private void Pool(ImportedPool pool)
    {
        Line($"  {YamlText.Of(pool.Name)}:");
        foreach (string remark in pool.Remarks)
        {
            Comment("    ", remark);
        }

        foreach (ImportedKey key in pool.Keys)
        {
            Key("    ", key);
        }
    }

    private void Key(string indent, ImportedKey key)
    {
        string origin = key.Origin is null || string.Equals(key.Origin, key.Name, StringComparison.Ordinal) ? "" : $"  # {OneLine(key.Origin)}";
        if (key.Value is ScalarNode scalar)
        {
            Line($"{indent}{key.Name}: {YamlText.Of(scalar.Value)}{origin}");
            return;
        }

        Line($"{indent}{key.Name}:{origin}");
        if (key.Value is MappingNode mapping)
        {
            foreach (ConfigEntry entry in mapping.Entries)
            {
                Line($"{indent}  {entry.Key.Value}: {YamlText.Of(((ScalarNode)entry.Value).Value)}");
            }

            return;
        }

        foreach (ScalarNode item in ((SequenceNode)key.Value).Items.Cast<ScalarNode>())
        {
            Line($"{indent}  - {YamlText.Of(item.Value)}");
        }
    }

    /// <summary>A comment, broken at blanks.</summary>
    private void Comment(string indent, string text)
    {
        string line = "";
        foreach (string word in OneLine(text).Split(' '))
        {
            if (line.Length > 0 && indent.Length + line.Length + word.Length + 3 > CommentWidth)
            {
                Line($"{indent}# {line}");
                line = "  " + word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        Line($"{indent}# {line}");
    }

    private void Line(string line) => _text.Append(line).Append('\n');

    /// <summary>Nothing of the other file may end a comment and become a line of its own.</summary>
    private static string OneLine(string text) => new([.. text.Select(static c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);
}
