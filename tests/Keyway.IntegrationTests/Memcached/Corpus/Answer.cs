using System.Text.RegularExpressions;

namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>Every byte that came back in an exchange, and how the connection stands.</summary>
internal sealed partial record Answer(string Text, Fate Fate)
{
    /// <summary>
    /// Without what two servers cannot have in common: seconds that pass between the two, and the version. With
    /// <paramref name="withoutCas"/> also without the numbers that each server gives its items in their order of writing.
    /// </summary>
    public Answer Comparable(bool withoutCas)
    {
        var text = OfItsOwn().Replace(Text, "#");
        return this with { Text = withoutCas ? Cas().Replace(text, "#") : text };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Exchange.Show(Text)} [{Fate}]";

    [GeneratedRegex("(?<=^(HD|VA)\\b[^\r\n]* [tl])[0-9]+|(?<=^ME [^\r\n]*\\b)(exp=-?[0-9]{2,}|la=[0-9]+)|(?<=^VERSION )[^\r\n]+", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex OfItsOwn();

    [GeneratedRegex("(?<=^VALUE \\S+ \\S+ \\S+ )[0-9]+|(?<=^(HD|VA)\\b[^\r\n]* c)[0-9]+|(?<=^ME [^\r\n]*\\bcas=)[0-9]+", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Cas();
}
