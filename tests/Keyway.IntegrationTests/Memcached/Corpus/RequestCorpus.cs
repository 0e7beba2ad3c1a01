using System.Text;

namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>Seeded exchanges: requests of both protocols, valid and spoilt, pipelined, cut at random.</summary>
internal sealed class RequestCorpus
{
    private readonly Pieces _pieces;
    private readonly TextRequests _text;
    private readonly MetaRequests _meta;
    private readonly int _metaShare;
    private readonly int _seed;
    private int _count;

    /// <param name="seed">Where the randomness starts.</param>
    /// <param name="isSharded">Leaves out the numbers that depend on how many writes one server has seen.</param>
    /// <param name="metaShare">How many of ten requests are of the meta protocol.</param>
    public RequestCorpus(int seed, bool isSharded = false, int metaShare = 5)
    {
        _seed = seed;
        _pieces = new Pieces(new Random(seed));
        _text = new TextRequests(_pieces, isSharded);
        _meta = new MetaRequests(_pieces, isSharded);
        _metaShare = metaShare;
    }

    /// <summary>The next exchange.</summary>
    public Exchange Next()
    {
        var text = new StringBuilder();
        for (var count = _pieces.Chance(10) ? _pieces.Random.Next(20, 60) : _pieces.Random.Next(1, 8); count > 0; count--)
        {
            var (line, block) = _pieces.Random.Next(10) < _metaShare ? _meta.Next() : _text.Next();
            line = IsFragile(line) || !_pieces.Chance(8) ? line : _pieces.Spoil(line);
            if (IsForItself(line))
            {
                if (text.Length > 0)
                {
                    continue;
                }

                count = 1;
            }

            text.Append(line).Append(_pieces.Chance(15) ? "\n" : "\r\n").Append(block);
        }

        var exchange = Exchange.Whole(text.ToString());
        return exchange.Cut(_pieces.Random, _pieces.Chance(2) ? 0 : _pieces.Random.Next(1, 12)) with { Name = $"seed {_seed}, exchange {_count++}: {exchange.Name}" };
    }

    // Where memcached's answer depends on which answers before it are still to be sent: it changes a number in place only if none of them holds it,
    // which shows in blanks and flags; and a get of several keys with one too long drops them all.
    private static bool IsForItself(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && words[0] switch
        {
            "incr" or "decr" or "ma" => true,
            "get" or "gets" or "gat" or "gats" => words.Any(static word => word.Length > 250),
            _ => false,
        };
    }

    // Spoilt base64 and sets of the meta protocol are read by chance: see MetaRequests, also for E.
    private static bool IsFragile(string line) =>
        line.StartsWith("ms ", StringComparison.Ordinal) || line.Split(' ').Any(static word => word == "b" || word.StartsWith('E'));
}
