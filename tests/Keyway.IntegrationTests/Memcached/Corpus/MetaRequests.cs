using System.Text;

namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>Requests of the meta protocol, with every flag.</summary>
internal sealed class MetaRequests(Pieces pieces, bool isSharded)
{
    private static readonly string[] GetFlags = ["v", "v", "v", "k", "f", "s", "t", "c", "h", "l", "q", "O", "T", "N", "R", "E", "P", "L"];
    private static readonly string[] SetFlags = ["k", "c", "q", "O", "F", "T", "M", "N", "I", "C", "E", "P", "L", "s", "S"];
    private static readonly string[] DeleteFlags = ["k", "q", "O", "T", "I", "C", "E", "P", "L", "x"];
    private static readonly string[] ArithmeticFlags = ["v", "v", "k", "q", "O", "T", "N", "J", "D", "M", "t", "c", "C", "E", "P", "L"];
    private static readonly string[] Opaques = ["O1", "Oabc", "O", "O" + new string('o', 31), "O" + new string('o', 32), "O" + new string('o', 33), "O\u00e9", "Oend"];
    private static readonly string[] OddFlags = ["?", "z", "1", "-", "Q", "b", "\u00ff", "Tx", "Fx", "T", "F-1", "Nx", "Rx", "D-1", "Dx", "Mz", "M", "J-1", "S5", "Cx", "vk", "q1"];
    // Lengths that are no multiple of four make memcached read what lies behind the key by chance.
    private static readonly string[] RightSetFlags = ["", " q", " k O1", " c", " T1000 F5", " ME", " MA", " MR q O7", " I", " q k", " T-1"];
    private static readonly string[] OddSetFlags = ["?", "z", "Mz", "M", "kx", "q1", "vk", "O" + new string('o', 33)];
    private static readonly string[] EncodedToSet = ["Zm9v", "azE=", "azI=", "AAAA", "/+8="];
    private static readonly string[] Encoded = ["Zm9v", "azE=", "azI=", "Zm9!", "====", "AAAA", "/+8=", Convert.ToBase64String(Encoding.Latin1.GetBytes(new string('k', 250)))];

    /// <summary>A line, and the block that follows it.</summary>
    public (string Line, string Block) Next()
    {
        switch (pieces.Random.Next(14))
        {
            case < 5:
                return ($"mg {KeyAndFlags(GetFlags, 5)}", "");
            case < 9:
                return Set();
            case 9 or 10:
                return ($"md {KeyAndFlags(DeleteFlags, 3)}", "");
            case 11 or 12:
                return ($"ma {KeyAndFlags(ArithmeticFlags, 4)}", "");
            default:
                return (pieces.Pick(["mn", "mn", "mn x", "mg", "ms", "md", "ma", "mx k", $"me {pieces.Key()}", "me", "me azE= b"]), "");
        }
    }

    private (string Line, string Block) Set()
    {
        // Not both wrong flags and a wrong block: Keyway refuses the block before the server sees the flags.
        if (pieces.Chance(2))
        {
            var (anyLength, anyBlock) = pieces.Block();
            return ($"ms {pieces.Key()} {anyLength}{pieces.Pick(RightSetFlags)}", anyBlock);
        }

        var (length, block) = pieces.RightBlock();
        var words = KeyAndFlags(SetFlags, 4, isSet: true).Split(' ', 2);
        return ($"ms {words[0]} {length}{(words.Length > 1 ? " " + words[1] : "")}", block);
    }

    // What memcached 1.6.18 finds wrong in an ms before it has read the length makes it swallow any number of bytes: left out there.
    private string KeyAndFlags(string[] known, int most, bool isSet = false)
    {
        var flags = new List<string>();
        for (var count = pieces.Random.Next(most + 1); count > 0; count--)
        {
            var letter = pieces.Chance(25) ? pieces.Pick(isSet ? OddSetFlags : OddFlags) : pieces.Pick(known);
            if (flags.Any(flag => flag[0] == letter[0]) && (isSet || !pieces.Chance(15)))
            {
                continue;
            }

            flags.Add(letter.Length == 1 ? letter + (isSet ? SetToken(letter[0]) : Token(letter[0])) : letter);
        }

        // E is of newer versions: which mistake is told of it and another differs.
        if (flags.Select(static flag => flag[0]).Distinct().Count() < flags.Count)
        {
            flags.RemoveAll(static flag => flag[0] == 'E');
        }

        var isEncoded = pieces.Chance(6);
        return string.Join(' ', [isEncoded ? pieces.Pick(isSet ? EncodedToSet : Encoded) : pieces.Key(), .. isEncoded ? ["b"] : Array.Empty<string>(), .. flags]);
    }

    private string SetToken(char flag) => flag switch
    {
        'T' => pieces.Pick(["0", "1000", "-1", "4102444800"]),
        'F' => pieces.Pick(["0", "1", "4294967295"]),
        'N' => pieces.Pick(["0", "1000"]),
        'S' => "1",
        _ => Token(flag),
    };

    private string Token(char flag) => flag switch
    {
        'O' => pieces.Pick(Opaques)[1..],
        'T' or 'N' => pieces.Expiry(),
        'R' => pieces.Pick(["10", "2000000", "-1"]),
        'F' => pieces.ItemFlags(),
        'C' => isSharded || pieces.Chance(3) ? "18446744073709551615" : pieces.Random.Next(1, 400).ToString(System.Globalization.CultureInfo.InvariantCulture),
        'E' => pieces.Pick(["5", "1000", "77"]),
        'D' or 'J' => pieces.Delta(),
        'M' => pieces.Pick(["S", "E", "A", "P", "R", "s", "add", "I", "D", "+", "-", "i"]),
        'P' or 'L' => pieces.Pick(["", "hint", "a/b"]),
        'S' => pieces.Pick(["1", "x", "10"]),
        _ => "",
    };
}
