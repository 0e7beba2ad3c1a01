using System.Globalization;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Makes random commands over keys of its own and knows, apart from any server, what each must be answered.</summary>
internal sealed class PipelineModel
{
    private readonly Random _random;
    private readonly string _prefix;
    private readonly string[] _apart;
    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lists = new(StringComparer.Ordinal);

    /// <param name="seed">Of the commands.</param>
    /// <param name="prefix">Of the keys: no two models share one.</param>
    /// <param name="apart">Two keys on different servers, never written; empty where all keys are together.</param>
    public PipelineModel(int seed, string prefix, string[] apart)
    {
        _random = new Random(seed);
        _prefix = prefix;
        _apart = apart;
    }

    /// <summary>The next command, and its reply as RespValue shows it; one that ends in <c>...</c> is the reply's beginning.</summary>
    public (string[] Command, string Reply) Next() => _random.Next(14) switch
    {
        0 or 1 => Get(),
        2 or 3 => Set(),
        4 => Increment(),
        5 => GetMany(),
        6 => Delete(),
        7 => Push(),
        8 => (["PING"], "+PONG"),
        9 => Text("ping", "PING"),
        10 => Text("echo", "ECHO"),
        11 => (["NOSUCH", "a", "b c"], "-ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b c' "),
        12 => Refused(),
        _ => Apart(),
    };

    private string Key() => string.Create(CultureInfo.InvariantCulture, $"{_prefix}:{_random.Next(40)}");

    private (string[] Command, string Reply) Get()
    {
        var key = Key();
        return (["GET", key], _lists.ContainsKey(key) ? "-WRONGTYPE..." : Shown(key));
    }

    private (string[] Command, string Reply) Set()
    {
        var key = Key();
        var value = _random.Next(2) == 0
            ? _random.Next(1000).ToString(CultureInfo.InvariantCulture)
            : key + "\r\n\0" + new string('v', _random.Next(300));
        _strings[key] = value;
        _lists.Remove(key);
        return (["SET", key, value], "+OK");
    }

    private (string[] Command, string Reply) Increment()
    {
        var key = Key();
        if (_lists.ContainsKey(key))
        {
            return (["INCR", key], "-WRONGTYPE...");
        }

        if (!int.TryParse(_strings.GetValueOrDefault(key, "0"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return (["INCR", key], "-ERR value is not an integer or out of range");
        }

        _strings[key] = (number + 1).ToString(CultureInfo.InvariantCulture);
        return (["INCR", key], ":" + _strings[key]);
    }

    private (string[] Command, string Reply) GetMany()
    {
        var keys = Enumerable.Range(0, _random.Next(1, 12)).Select(_ => Key()).ToArray();
        return (["MGET", .. keys], $"*[{string.Join(", ", keys.Select(Shown))}]");
    }

    private (string[] Command, string Reply) Delete()
    {
        var keys = Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Key()).ToArray();
        var count = keys.Count(key => _strings.Remove(key) | _lists.Remove(key));
        return (["DEL", .. keys], string.Create(CultureInfo.InvariantCulture, $":{count}"));
    }

    private (string[] Command, string Reply) Push()
    {
        var key = Key();
        if (_strings.ContainsKey(key))
        {
            return (["LPUSH", key, "x"], "-WRONGTYPE...");
        }

        _lists[key] = _lists.GetValueOrDefault(key) + 2;
        return (["LPUSH", key, "x", "y"], string.Create(CultureInfo.InvariantCulture, $":{_lists[key]}"));
    }

    private (string[] Command, string Reply) Text(string kind, string command)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{kind} {_random.Next()}");
        return ([command, text], "$" + text);
    }

    private (string[] Command, string Reply) Refused() => _random.Next(3) switch
    {
            0 => (["SHUTDOWN"], "-ERR SHUTDOWN..."),
            1 => (["SAVE"], "-ERR SAVE..."),
        _ => (["CONFIG", "SET", "maxmemory", "1"], "-ERR CONFIG..."),
    };

    private (string[] Command, string Reply) Apart() => _apart.Length == 2
        ? (["SINTER", .. _apart], "-CROSSSLOT...")
        : (["ECHO", ""], "$");

    private string Shown(string key) => _strings.TryGetValue(key, out var value) ? "$" + value : "$null";
}
