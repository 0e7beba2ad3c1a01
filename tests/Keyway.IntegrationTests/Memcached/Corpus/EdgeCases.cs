using System.Globalization;

namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>Exchanges that chance would seldom make.</summary>
internal static class EdgeCases
{
    private static readonly string Longest = new('k', 250);
    private static readonly string TooLong = new('k', 251);

    /// <summary>All of them, with the edges of lines and values that are cheap.</summary>
    public static IEnumerable<Exchange> All => Lines().Concat(Closing()).Concat(LineLengths()).Concat(ValueLengths());

    private static IEnumerable<Exchange> Lines()
    {
        string[] texts =
        [
            "\r\n", "\n", " \r\n", "\r\r\n", "\0\r\n", "get\r\n", "get \r\n", "gets\r\n", "gat\r\n", "gat 0\r\n", "set\r\n", "set k\r\n", "set k 0\r\n", "set k 0 0\r\n", "incr k\r\n", "touch k\r\n",
            "set k 0 0 -1\r\n", "set k 0 0 -1 noreply\r\n", "set k 0 0 x noreply\r\nabc\r\n", "set k x 0 3\r\nabc\r\n", "set k 0 x 3\r\nabc\r\n", "cas k 0 0 3\r\nabc\r\n", "cas k 0 0 3 x\r\nabc\r\n",
            "set k 0 0 3\r\nabcde\r\nget k\r\n", "set k 0 0 3\r\na\r\nget k\r\n", "set k 0 0 3\r\nabc\n\nget k\r\n", "set k 0 0 3\r\nabc\rget k\r\n", "set k 0 0 0\r\n\r\nget k\r\n", "set k 0 0 0\r\nx\r\nget k\r\n",
            "set k 0 0 3 noreply\r\nabcde\r\nget k\r\n", "ms k 3 q\r\nabcde\r\nmg k v\r\n", "ms k 3 O1 k\r\nabcde\r\nmg k v\r\n", "ms k 0\r\n\r\nmg k v\r\n", "ms k 2 q\r\nab\r\nms k x q\r\nmn\r\n",
            $"set {Longest} 0 0 1\r\na\r\nget {Longest}\r\ndelete {Longest}\r\n", $"get {TooLong}\r\n", $"gets k {TooLong} k\r\n", $"set {TooLong} 0 0 3\r\nabc\r\nget k\r\n", $"set {TooLong} 0 0 3 noreply\r\nabc\r\nget k\r\n",
            $"delete {TooLong}\r\n", $"delete {TooLong} noreply\r\n", $"incr {TooLong} 1\r\n", $"touch {TooLong} 0\r\n", $"gat 0 k {TooLong}\r\n", $"mg {TooLong} v\r\n", $"ms {TooLong} 3\r\nabc\r\n", $"md {TooLong} q\r\n", $"ma {TooLong} q\r\n", $"me {TooLong}\r\n",
            "set k 0 0 2 noreply\r\nab\r\nadd k 0 0 1 noreply\r\na\r\nreplace nok 0 0 1 noreply\r\na\r\nappend k 0 0 1 noreply\r\nc\r\nprepend k 0 0 1 noreply\r\n_\r\ncas k 0 0 1 1 noreply\r\nx\r\nincr k 1 noreply\r\ndecr k 1 noreply\r\ntouch k 0 noreply\r\nget k\r\ndelete k noreply\r\nget k\r\n",
            "set n 0 0 1 noreply\r\n5\r\nincr n 1\r\nincr n 18446744073709551615\r\ndecr n 100\r\nget n\r\nset n 0 0 2\r\n10\r\ndecr n 1\r\nget n\r\nincr n 0\r\n", "set n 0 0 1\r\na\r\nincr n 1\r\nincr n 1 noreply\r\ndecr n x\r\n",
            "set n 0 0 20\r\n18446744073709551615\r\nincr n 1\r\nincr nok 1\r\ndecr nok 1 noreply\r\nset n 0 0 21\r\n184467440737095516150\r\nincr n 1\r\n",
            "set k 7 0 1\r\na\r\ntouch k -1\r\nget k\r\nset k 7 -1 1\r\na\r\nget k\r\nset k 7 0 1\r\na\r\ngat 100 k\r\ngat -1 k\r\nget k\r\n", "set k 1 0 1\r\na\r\nget k k k nok k\r\ngets k nok k\r\nflush_all\r\nget k\r\n",
            "verbosity\r\nverbosity 0\r\nverbosity x\r\nverbosity 0 noreply\r\nverbosity noreply\r\nversion\r\nversion x\r\n", "flush_all\r\nflush_all noreply\r\nflush_all 0 noreply\r\nflush_all x\r\nflush_all x noreply\r\nflush_all 0 0\r\nflush_all -1\r\n",
            "delete k 0\r\ndelete k 0 noreply\r\ndelete k 1\r\ndelete k 0 0\r\ndelete k noreply\r\ndelete k x\r\ndelete k noreply x\r\n", "mn\r\nmn\r\nmn x y\r\nmz\r\nm\r\nmg\r\nms\r\nmd\r\nma\r\nme\r\n",
            "ms k 1 k c\r\na\r\nmg k v k q f s t O9\r\nmg nok v k q O1\r\nmg nok q\r\nmg nok\r\nmg k q\r\nmg k q k\r\nmd nok q O1\r\nmd k q O2\r\nmd nok\r\nmn\r\n", "ms n 1\r\n5\r\nma n\r\nma n v\r\nma n q v\r\nma n q\r\nma nok q\r\nma nok N0 J13 v\r\nma nok N0 J13 q\r\nma nok MD D7 v\r\nma nok M- D70 v t\r\nma k2 Mx\r\n",
            "ms k 2 ME\r\nab\r\nms k 2 ME q O1\r\nab\r\nms k 2 MA\r\ncd\r\nms k 2 MP\r\n__\r\nms k 2 MR\r\nzz\r\nms nok 2 MR\r\nzz\r\nms nok2 2 MA\r\nab\r\nms nok2 2 MA N0\r\nab\r\nms k 2 Mx\r\nab\r\nms k 2 M\r\nab\r\nmg k v\r\n",
            "ms k 1 E5\r\na\r\nms k 1 C5 I T100\r\nb\r\nmg k c v\r\nms k 1 C1 E9\r\nc\r\nmd k I T30 E8\r\nmg k v c t\r\nmg k v c\r\nms k 1 C8 I c\r\nd\r\nmg k v c\r\nmd k x\r\nmg k v f\r\nmd k C99\r\nmd k C8\r\n", "mg nok N30 v c E7\r\nmg nok N30 v c\r\nmg nok R100 v\r\nms nok 1 T1000\r\na\r\nmg nok R2000000 v t\r\nmg nok R2000000 v\r\nmg nok T0 t v\r\n",
            "ms Zm9v 3 b\r\nabc\r\nget foo\r\nmg foo v k\r\nmg Zm9v b v k q O7\r\nmg Zm9v v\r\nmd Zm9v b k\r\nget foo\r\nma Zm9v b N0 k\r\nme Zm9v b\r\nme foo\r\nmg Z!9v b v\r\nmg Zm9! b\r\nmg ==== b\r\n",
            "mg k v Pa/b/c Lx\r\nmg k Ptoken v Ltoken k\r\nms k 1 P L\r\na\r\n", "mg k vv\r\nmg k v v\r\nmg k k O1 O2\r\nmg k O" + new string('o', 33) + "\r\nms k 1 O" + new string('o', 33) + "\r\na\r\n", "mg k " + string.Join(' ', "abcdefghijklmnopqrstuvwxyz".Select(static letter => letter)) + "\r\n",
            "get " + string.Join(' ', Enumerable.Range(0, 500).Select(static i => $"k{i}")) + "\r\n", "gets " + string.Join(' ', Enumerable.Repeat(Longest, 100)) + "\r\n", "gat 0 " + string.Join(' ', Enumerable.Range(0, 200).Select(static i => $"k{i}")) + "\r\n",
            string.Concat(Enumerable.Range(0, 300).Select(static i => $"set p{i} {i} 0 {i}\r\n{new string('v', i)}\r\nget p{i}\r\n")), string.Concat(Enumerable.Range(0, 300).Select(static i => $"ms p{i} 2 q O{i}\r\nab\r\nmg p{i} v q O{i}\r\nmg nope{i} v q\r\n")) + "mn\r\n",
        ];
        return texts.Select(static text => Exchange.Whole(text));
    }

    // Nothing comes after what closes a connection.
    private static IEnumerable<Exchange> Closing()
    {
        string[] texts =
        [
            "quit\r\n", "quit x\r\n", "quit noreply\r\n", "set k 0 0 1\r\na\r\nget k\r\nquit\r\n", "GET / HTTP/1.1\r\n\r\n", "get k\r\nPOST / HTTP/1.0\r\n\r\n", new string('x', 2049), new string('x', 2300), "mg " + new string('k', 2300),
            "get k\r\n" + new string('x', 2100),
        ];
        return texts.Select(static text => Exchange.Whole(text, isClosing: true));
    }

    private static IEnumerable<Exchange> LineLengths()
    {
        foreach (var length in new[] { 2040, 2046, 2047, 2048 })
        {
            yield return Exchange.Whole(new string('x', length - 2) + "\r\n");
            yield return Exchange.Whole("set k 0 0 1" + new string(' ', length - 13) + "\r\na\r\n");
            yield return Exchange.Whole("mg k v O1 P" + new string('p', length - 13) + "\r\n");
            yield return Exchange.Whole("get k" + new string(' ', length - 7) + "\r\n");
        }

        yield return Exchange.Whole(new string('x', 2048));
        foreach (var length in new[] { 2049, 4096, 10_000, 70_000 })
        {
            yield return Exchange.Whole("get " + string.Join(' ', Enumerable.Repeat("k1", length / 3)) + "\r\nget k\r\n");
            yield return Exchange.Whole(new string(' ', 90) + "gets " + string.Join(' ', Enumerable.Repeat("k1", length / 3)) + "\r\n");
        }
    }

    private static IEnumerable<Exchange> ValueLengths()
    {
        foreach (var length in new[] { 1023, 1024, 16_384, 65_535, 65_536, 500_000, 1_000_000, 1_048_576, 1_048_577, 3_000_000 })
        {
            var value = new string((char)('a' + (length % 26)), length);
            var size = length.ToString(CultureInfo.InvariantCulture);
            yield return Exchange.Whole($"set big 3 0 5\r\nsmall\r\nset big 5 0 {size}\r\n{value}\r\nget big\r\n");
            yield return Exchange.Whole($"set big 5 0 {size} noreply\r\n{value}\r\nget big\r\n");
            yield return Exchange.Whole($"ms big {size} k O1 F9\r\n{value}\r\nmg big v f s\r\nms big {size} q\r\n{value}\r\nappend big 0 0 1\r\nx\r\nmg big s\r\n");
            yield return Exchange.Whole($"set big 5 0 {size}\r\n{value}x\r\nget big\r\n");
            yield return Exchange.Whole($"delete big\r\nadd big 5 0 {size}\r\n{value}\r\ndelete big\r\n");
        }

        yield return Exchange.Whole("set k 0 0 2000000\r\nabc\r\n");
        yield return Exchange.Whole("set k 0 0 2147483645\r\nabc\r\n");
        yield return Exchange.Whole("ms k 2000000 q\r\nabc\r\n");
    }
}
