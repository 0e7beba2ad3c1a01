using System.Globalization;
using System.Text;

namespace Keyway.Proxy.Configuration.Toml;

/// <summary>Strings of one line: <c>"basic"</c> with escapes, <c>'literal'</c> without.</summary>
internal static class TomlString
{
    /// <summary>The string that begins at the next character, which is a quote.</summary>
    public static string Take(TomlText text)
    {
        if (text.Sees("\"\"\"") || text.Sees("'''"))
        {
            throw text.Mistake("strings of several lines are not understood", "write the string in one line, in single quotation marks");
        }

        (long line, long column) = (text.Line, text.Column);
        char quote = text.Take();
        StringBuilder value = new();
        while (!text.TryTake(quote))
        {
            if (text.IsAtEnd || text.Next == '\n')
            {
                throw new TomlException(line, column, "the string has no end in its line", $"close it with {quote}");
            }

            if (char.IsControl(text.Next) && text.Next != '\t')
            {
                throw text.Mistake("a control character in a string", "remove it, or write it as an escape such as \\u0007");
            }

            if (quote == '"' && text.Next == '\\')
            {
                TakeEscape(text, value);
            }
            else
            {
                value.Append(text.Take());
            }
        }

        return value.ToString();
    }

    private static void TakeEscape(TomlText text, StringBuilder value)
    {
        TomlException mistake = text.Mistake("an unknown escape", "write \\\\ for a backslash, or put the string in ' ' where nothing is escaped");
        text.Take();
        switch (text.IsAtEnd ? '\n' : text.Take())
        {
            case 'b': value.Append('\b'); break;
            case 't': value.Append('\t'); break;
            case 'n': value.Append('\n'); break;
            case 'f': value.Append('\f'); break;
            case 'r': value.Append('\r'); break;
            case '"': value.Append('"'); break;
            case '\\': value.Append('\\'); break;
            case 'u': value.Append(CodePoint(text, 4, mistake)); break;
            case 'U': value.Append(CodePoint(text, 8, mistake)); break;
            default: throw mistake;
        }
    }

    private static string CodePoint(TomlText text, int length, TomlException mistake)
    {
        StringBuilder digits = new();
        while (digits.Length < length && char.IsAsciiHexDigit(text.Next))
        {
            digits.Append(text.Take());
        }

        return digits.Length == length
            && uint.TryParse(digits.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint point)
            && Rune.IsValid(point)
            ? new Rune(point).ToString()
            : throw mistake;
    }
}
