namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>Requests of the classic text protocol.</summary>
internal sealed class TextRequests(Pieces pieces, bool isSharded)
{
    private static readonly string[] Stores = ["set", "set", "set", "set", "add", "replace", "append", "prepend"];
    private static readonly string[] Unknown = ["", " ", "foo", "GET k1", "get", "gets", "gat", "set", "cas", "mop", "m", "mgx k", "geta k", "settle k 0 0 1", "incrx k 1", "\0", "versions", "\u00ff\u00fe", "*1"];

    /// <summary>A line, and the block that follows it.</summary>
    public (string Line, string Block) Next()
    {
        var noReply = pieces.Chance(5) ? " noreply" : "";
        switch (pieces.Random.Next(22))
        {
            case < 7:
                return Store(pieces.Pick(Stores), noReply);
            case 7:
                return Store("cas", (isSharded || pieces.Chance(3) ? " 18446744073709551615" : " " + pieces.Random.Next(1, 400)) + noReply);
            case < 11:
                return ($"get {pieces.Keys()}", "");
            case < 13:
                return ($"gets {pieces.Keys()}", "");
            case 13:
                return ($"gat {pieces.Expiry()} {KeysThatFit()}", "");
            case 14:
                return ($"gats {pieces.Expiry()} {KeysThatFit()}", "");
            case 15:
                return ($"incr {pieces.Key()} {pieces.Delta()}{noReply}", "");
            case 16:
                return ($"decr {pieces.Key()} {pieces.Delta()}{noReply}", "");
            case 17:
                return ($"delete {pieces.Key()}{pieces.Pick(["", "", "", " 0", " 1"])}{noReply}", "");
            case 18:
                return ($"touch {pieces.Key()} {pieces.Expiry()}{noReply}", "");
            case 19:
                return (pieces.Pick(["version", "version x", "verbosity 0", "verbosity", "verbosity 1 2", "verbosity 0 noreply", "verbosity x"]), "");
            case 20 when pieces.Chance(4):
                return (pieces.Pick(["flush_all", "flush_all 0", "flush_all noreply", "flush_all 0 noreply", "flush_all x", "flush_all 0 0"]), "");
            default:
                return (pieces.Pick(Unknown), "");
        }
    }

    // memcached touches the items before a key that is too long; Keyway refuses the request as a whole.
    private string KeysThatFit() => string.Join(' ', pieces.Keys().Split(' ').Where(static key => key.Length <= 250));

    private (string Line, string Block) Store(string command, string end)
    {
        var (length, block) = pieces.Block();
        return ($"{command} {pieces.Key()} {pieces.ItemFlags()} {pieces.Expiry()} {length}{end}", block);
    }
}
