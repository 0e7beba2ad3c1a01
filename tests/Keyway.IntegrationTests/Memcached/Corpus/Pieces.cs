using System.Globalization;

namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>The words that requests are made of: mostly sensible, now and then not.</summary>
internal sealed class Pieces(Random random)
{
    private static readonly string[] OddKeys =
    [
        new('k', 250), new('k', 251), new('k', 300), "", "k\u00e9\u00ff", "\x01\x7f", "noreply", "0", "k\0x", new string('x', 249) + "1", "{k}1", "Zm9v", "k/..%20",
    ];

    private static readonly string[] Expiries = ["0", "0", "0", "1000", "100000", "2592000", "-1", "-2147483648", "4102444800", "2592001"];
    private static readonly string[] OddExpiries = ["x", "", "1x", "2147483648", "9223372036854775808", "+5", "1.5", "-", "- 1", "99999999999999999999"];
    private static readonly string[] Flags = ["0", "0", "1", "32", "4294967295"];
    private static readonly string[] OddFlags = ["-1", "x", "4294967296", "1x", "18446744073709551616", "+1", ""];
    private static readonly string[] Deltas = ["1", "1", "5", "100", "18446744073709551615", "0", "9223372036854775808"];
    private static readonly string[] OddDeltas = ["-1", "x", "", "1x", "18446744073709551616", "99999999999999999999999", "1.5", "+1"];
    // Beyond 32 bits memcached takes what remains of a length; Keyway refuses it.
    private static readonly string[] Sizes = ["-1", "x", "", "-2147483648", "2147483647", "2147483648", "1x", "99999999999999999999", "+3"];

    // No line of these is near 2048 bytes, beyond which memcached closes or not by how the bytes arrive; and none is all white space, where its
    // incr goes on reading behind the value.
    private static readonly string[] Values =
    [
        "", "v", "10", "0", "5", "99", "18446744073709551615", "18446744073709551616", "-1", "abc def", "\0\u00ff", "\r\nx", "END", "a\r\nget k1\r\nb", "1 ", "  7", "12x", new('9', 21),
        new('n', 300), string.Concat(Enumerable.Repeat(new string('m', 698) + "\r\n", 3)), string.Concat(Enumerable.Repeat(new string('l', 999) + "\n", 20)),
    ];

    public Random Random => random;

    public bool Chance(int oneIn) => random.Next(oneIn) == 0;

    public string Pick(string[] from) => from[random.Next(from.Length)];

    public string Key() => Chance(25) ? Pick(OddKeys) : "k" + random.Next(8).ToString(CultureInfo.InvariantCulture);

    public string Keys()
    {
        var count = Chance(20) ? random.Next(10, 60) : random.Next(1, 5);
        return string.Join(Chance(20) ? "  " : " ", Enumerable.Range(0, count).Select(_ => Key()));
    }

    public string Expiry() => Chance(20) ? Pick(OddExpiries) : Pick(Expiries);

    public string ItemFlags() => Chance(20) ? Pick(OddFlags) : Pick(Flags);

    public string Delta() => Chance(10) ? Pick(OddDeltas) : Pick(Deltas);

    public string Value() => Pick(Values);

    /// <summary>The length of a value, seldom a wrong one, and the block that follows the line, seldom a wrong one.</summary>
    public (string Length, string Block) Block()
    {
        var value = Value();
        var length = value.Length.ToString(CultureInfo.InvariantCulture);
        return random.Next(40) switch
        {
            0 => (Pick(Sizes), value + "\r\n"),
            1 => ((value.Length + random.Next(1, 3)).ToString(CultureInfo.InvariantCulture), value + "\r\n"),
            2 => (Math.Max(0, value.Length - random.Next(1, 3)).ToString(CultureInfo.InvariantCulture), value + "\r\n"),
            3 => (length, value + "\n"),
            4 => (length, value),
            5 => (length, value + "x\r\n"),
            6 => ("000" + length, value + "\r\n"),
            _ => (length, value + "\r\n"),
        };
    }

    /// <summary>The length of a value, and its block.</summary>
    public (string Length, string Block) RightBlock()
    {
        var value = Value();
        return (value.Length.ToString(CultureInfo.InvariantCulture), value + "\r\n");
    }

    /// <summary>The line with a word missing, doubled, added or spoilt, or with other blanks.</summary>
    public string Spoil(string line)
    {
        var words = line.Split(' ').ToList();
        var at = random.Next(words.Count);
        switch (random.Next(9))
        {
            case 0:
                words.RemoveAt(at);
                break;
            case 1:
                words.Insert(at, words[at]);
                break;
            case 2:
                words.Add(Pick(["noreply", "0", "x", "1 2 3 4 5 6 7 8 9", "noreply noreply", "q"]));
                break;
            case 3:
                words[at] = words[at].ToUpperInvariant();
                break;
            case 4:
                words[at] += Pick(["x", "\t", "\r", "\x01", "\0", "é"]);
                break;
            case 5:
                return " " + line;
            case 6:
                return line + " ";
            case 7:
                return line.Replace(" ", "   ", StringComparison.Ordinal);
            default:
                return words[0];
        }

        return string.Join(' ', words);
    }
}
