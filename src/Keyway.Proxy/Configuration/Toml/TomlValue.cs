using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Toml;

/// <summary>Values: strings, decimal numbers, booleans, and arrays of them over any number of lines.</summary>
internal static class TomlValue
{
    public static ConfigNode Take(TomlText text, string path)
    {
        (long line, long column) = (text.Line, text.Column);
        return text.Next switch
        {
            '"' or '\'' => new ScalarNode(path, line, column, TomlString.Take(text), isNull: false) { Type = ScalarType.Text },
            '[' => TakeArray(text, path),
            '{' => throw text.Mistake("tables in braces are not understood", "write one key in each line under [[relayer]]"),
            _ => TakeWord(text, path),
        };
    }

    private static SequenceNode TakeArray(TomlText text, string path)
    {
        (long line, long column) = (text.Line, text.Column);
        text.Take();
        List<ConfigNode> items = [];
        for (text.SkipLines(); !text.TryTake(']'); text.SkipLines())
        {
            if (text.IsAtEnd)
            {
                throw new TomlException(line, column, "the list has no end", "close it with ]");
            }

            if (text.Next == '[')
            {
                throw text.Mistake("a list in a list is not understood", "write one list of values");
            }

            items.Add(Take(text, $"{path}[{items.Count}]"));
            text.SkipLines();
            if (!text.TryTake(',') && text.Next != ']' && !text.IsAtEnd)
            {
                throw text.Mistake("the list does not go on", "write , before the next value or ] at the end");
            }
        }

        return new SequenceNode(path, line, column, items);
    }

    private static ScalarNode TakeWord(TomlText text, string path)
    {
        (long line, long column) = (text.Line, text.Column);
        string word = text.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.' or ':');
        ScalarType type = word switch
        {
            "true" or "false" => ScalarType.Boolean,
            _ when IsWhole(word) => ScalarType.Integer,
            _ when IsFraction(word) => ScalarType.Float,
            "" => throw new TomlException(line, column, "no value", "write a string in quotation marks, a number, true or false"),
            _ => throw new TomlException(
                line, column, $"{Quoting.Show(word)} is no value", "write a string in quotation marks, a decimal number, true or false (in small letters)"),
        };
        return new ScalarNode(path, line, column, word.Replace("_", "", StringComparison.Ordinal), isNull: false) { Type = type };
    }

    /// <summary>Digits, with single underscores between them and a sign before; no zero leads others.</summary>
    private static bool IsWhole(string word)
    {
        string digits = word is ['+' or '-', ..] ? word[1..] : word;
        return digits is ['0'] or [>= '1' and <= '9', ..] && AreDigits(digits);
    }

    private static bool IsFraction(string word)
    {
        int exponent = word.IndexOfAny(['e', 'E']);
        string number = exponent < 0 ? word : word[..exponent];
        int point = number.IndexOf('.', StringComparison.Ordinal);
        string power = exponent < 0 ? "0" : word[(exponent + 1)..];
        return (exponent >= 0 || point >= 0)
            && IsWhole(point < 0 ? number : number[..point])
            && (point < 0 || AreDigits(number[(point + 1)..]))
            && AreDigits(power is ['+' or '-', ..] ? power[1..] : power);
    }

    private static bool AreDigits(string text) => Array.TrueForAll(text.Split('_'), static part => part.Length > 0 && part.All(char.IsAsciiDigit));
}
