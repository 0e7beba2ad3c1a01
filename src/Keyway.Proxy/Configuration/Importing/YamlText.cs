using System.Text;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>Writes a text as a YAML scalar that reads back as it is.</summary>
internal static class YamlText
{
    public static string Of(string text) => text is not ("null" or "Null" or "NULL") && text.Split(' ').All(IsPlainWord) ? text : Quoted(text);

    private static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
            {
                quoted.Append('\\').Append(c);
            }
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff')
            {
                quoted.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>True for words that mean nothing to YAML wherever they stand: letters, digits and a few signs, no "key:" and no "- item".</summary>
    private static bool IsPlainWord(string word) =>
        word.Length > 0 && word[0] is not ('-' or ':') && word[^1] is not ':' && word.All(static c => char.IsAsciiLetterOrDigit(c) || "_/.:$-".Contains(c));
}
