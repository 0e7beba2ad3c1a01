using System.Text;

namespace Keyway.IntegrationTests.Memory;

/// <summary>Seeded random commands, most of them sensible, some with arguments missing, too many or of the wrong kind.</summary>
internal sealed class CommandGenerator(int seed)
{
    // K key, F field, V value, N whole number, D decimal number, R time from now, A far time, S options of SET, G of GETEX, E of EXPIREAT,
    // C of EXPIRE (no comparison of times: the two clocks are not read at once), P pattern, + one to three times what stands before it.
    private static readonly string[] Templates =
    [
        "GET K", "SET K V", "SET K V S", "SET K V S", "SETNX K V", "SETEX K R V", "PSETEX K 900000 V", "GETSET K V", "GETDEL K", "GETEX K G", "APPEND K V",
        "STRLEN K", "GETRANGE K N N", "SETRANGE K N V", "MGET K+", "MSET KV+", "MSETNX KV+", "INCR K", "DECR K", "INCRBY K N", "DECRBY K N",
        "INCRBYFLOAT K D", "HSET K FV+", "HSET K FV+", "HMSET K FV+", "HSETNX K F V", "HGET K F", "HMGET K F+", "HGETALL K", "HDEL K F+", "HEXISTS K F", "HLEN K",
        "HKEYS K", "HVALS K", "HSTRLEN K F", "HINCRBY K F N", "HINCRBYFLOAT K F D", "HSCAN K 0", "HSCAN K 0 MATCH P", "TYPE K", "EXISTS K+", "DEL K+",
        "UNLINK K", "TOUCH K+", "RENAME K K", "RENAMENX K K", "EXPIRE K R C", "PEXPIRE K 900000 C", "EXPIREAT K A E", "PEXPIREAT K A000 E", "TTL K",
        "EXPIRETIME K", "PERSIST K", "KEYS P", "SCAN 0 COUNT 1000 MATCH P", "SCAN 0 COUNT 1000 TYPE hash", "SCAN 0 COUNT 1000 TYPE V", "DBSIZE", "PING", "ECHO V",
        "SELECT N", "SELECT 1", "SELECT 0", "FLUSHDB",
    ];

    private static readonly string[] Values =
    [
        "", "v", "10", "-3", "007", "+5", " 1", "3.5", "1e3", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "abc def", "\0\xff\r\n",
        "0", "1234567.1", "inf", "-0", "nan", "value",
    ];

    private static readonly string[] Numbers = ["0", "1", "-1", "2", "5", "-4", "100", "1000", "9223372036854775807", "-9223372036854775808", "x", "01", "99999999999999999999"];

    private static readonly string[] Decimals =
    [
        "1", "0.1", "-0.25", "3.0e3", "1e-5", "1234567.1", "-7", ".5", "5.", "1e", "x", "inf", "-inf", "nan", "123456789012345678901234567890", "1e-400", "-1e17", "", "1e20",
    ];

    private static readonly string[] SetOptions = ["NX", "xx", "GET", "get", "KEEPTTL", "EX 1000", "px 900000", "EXAT 4102444800", "PXAT 4102444800000", "EX", "EX 0", "EX x", "FOO"];
    private static readonly string[] GetExOptions = ["", "PERSIST", "EX 1000", "PX 900000", "EXAT 4102444800", "PXAT 4102444800000", "EX -1", "NX", "PERSIST EX 10"];
    private static readonly string[] Times = ["1000", "5000", "0", "-1", "x", "9223372036854775807", "9223372036854775", "-9223372036854775808"];
    private static readonly string[] ConditionOptions = ["", "", "NX", "XX", "NX XX", "BAD"];
    private static readonly string[] ExpireOptions = ["", "", "NX", "XX", "GT", "LT", "xx gt", "NX XX", "GT LT", "BAD"];
    private static readonly string[] Patterns = ["*", "k*", "?1", "[kf]1", "[^k]*", "k[0-3]", "*1*", "\\k1", "k[", "k[1-", "[]", ""];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var arguments = new List<string>();
        foreach (string part in Pick(Templates).Split(' '))
        {
            int times = part.EndsWith('+') ? _random.Next(1, 4) : 1;
            for (; times > 0; times--)
            {
                Add(arguments, part.TrimEnd('+'));
            }
        }

        if (arguments.Count > 1 && _random.Next(30) == 0)
        {
            arguments.RemoveAt(arguments.Count - 1);
        }

        if (_random.Next(30) == 0)
        {
            arguments.Add(Pick(Values));
        }

        if (_random.Next(10) == 0)
        {
            arguments[0] = arguments[0].ToLowerInvariant();
        }

        return Frame(arguments);
    }

    public static byte[] Frame(IReadOnlyList<string> arguments) => Encoding.Latin1.GetBytes(
        $"*{arguments.Count}\r\n" + string.Concat(arguments.Select(a => $"${a.Length}\r\n{a}\r\n")));

    private void Add(List<string> arguments, string part)
    {
        switch (part)
        {
            case "K":
                arguments.Add("k" + _random.Next(6));
                break;
            case "F":
                arguments.Add("f" + _random.Next(5));
                break;
            case "V":
                arguments.Add(Pick(Values));
                break;
            case "N":
                arguments.Add(Pick(Numbers));
                break;
            case "D":
                arguments.Add(Pick(Decimals));
                break;
            case "R":
                arguments.Add(Pick(Times));
                break;
            case "A" or "A000":
                arguments.Add((4102444800 + _random.Next(3)) + part[1..]);
                break;
            case "P":
                arguments.Add(Pick(Patterns));
                break;
            case "KV" or "FV":
                Add(arguments, part[..1]);
                Add(arguments, "V");
                break;
            case "S" or "G" or "E" or "C":
                string[] from = part == "S" ? SetOptions : part == "G" ? GetExOptions : part == "E" ? ExpireOptions : ConditionOptions;
                for (int i = part == "S" ? _random.Next(1, 3) : 1; i > 0; i--)
                {
                    arguments.AddRange(Pick(from).Split(' ', StringSplitOptions.RemoveEmptyEntries));
                }

                break;
            default:
                arguments.Add(part);
                break;
        }
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
