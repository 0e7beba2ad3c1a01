using System.Diagnostics;
using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>
/// One client of a <see cref="CheckedLoad"/>: rounds of pipelined requests of many kinds to keys of its own. An error is counted; after one a key's value may be the
/// old or the new one, and nothing else.
/// </summary>
internal sealed class CheckedClient
{
    private const int Texts = 40;
    private const int Counters = 5;
    private const int InFlight = 20;
    private const int KeysOfMany = 5;
    private const int RoundsPerWait = 25; // between two commands that wait

    private readonly CheckedLoad _load;
    private readonly Random _random;
    private readonly CheckedKey[] _texts;
    private readonly CheckedKey[] _counters;
    private readonly CheckedKey _list; // its elements
    private readonly List<byte> _bytes = [];
    private readonly List<Func<RespValue, bool>> _checks = [];
    private int _rounds;
    private int _swept;

    public CheckedClient(CheckedLoad load, int number)
    {
        _load = load;
        _random = new Random(number);
        _texts = [.. Enumerable.Range(0, Texts).Select(i => new CheckedKey($"c{number}:{i}", isCounter: false))];
        _counters = [.. Enumerable.Range(0, Counters).Select(i => new CheckedKey($"n{number}:{i}", isCounter: true))];
        _list = new CheckedKey($"l{number}", isCounter: false);
    }

    /// <summary>When the last round began that read every key without an error; <see cref="Stopwatch"/>'s ticks.</summary>
    public long LastServed;

    /// <summary>One round: sends some requests, and checks their replies.</summary>
    public void Round(RespClient client)
    {
        int wanted = _load.SweepsWanted; // before the time: a sweep that was seen to be wanted begins after it was
        long start = Stopwatch.GetTimestamp();
        _bytes.Clear();
        _checks.Clear();
        bool isSweep = _swept != wanted;
        _swept = wanted;
        if (isSweep)
        {
            AddRead(_texts);
            AddRead(_counters);
        }
        else
        {
            while (_checks.Count < InFlight)
            {
                AddOne();
            }
        }

        if (++_rounds % RoundsPerWait == 0)
        {
            AddWait();
        }

        client.SendRaw([.. _bytes]);
        bool isServed = true;
        foreach (Func<RespValue, bool> check in _checks)
        {
            isServed &= check(client.ReadReply());
            _load.CountReply();
        }

        if (isSweep && isServed)
        {
            Interlocked.Exchange(ref LastServed, start);
        }
        else if (isSweep)
        {
            _swept--; // again
        }
    }

    private void AddOne()
    {
        CheckedKey text = Any(_texts);
        CheckedKey counter = Any(_counters);
        switch (_random.Next(12))
        {
            case 0 or 1:
                Add(["SET", text.Name, text.NextText(out long set)], reply => Wrote(text, set, reply, "+OK"));
                break;
            case 2:
                AddMany();
                break;
            case 3:
                Add(["INCR", counter.Name], reply => Grew(counter, reply));
                break;
            case 4:
                Add(["DEL", text.Name], reply => Went(text, reply));
                break;
            case 5:
                AddTransaction(text);
                break;
            case 6 or 7:
                AddRead([.. Enumerable.Range(0, KeysOfMany).Select(_ => Any(_texts))]);
                break;
            default:
                Add(["GET", text.Name], reply => Read(text, reply));
                break;
        }
    }

    private void AddRead(CheckedKey[] keys) => Add(["MGET", .. keys.Select(static key => key.Name)], reply =>
    {
        if (_load.IsError(reply))
        {
            return false;
        }

        if (reply.Items.Count != keys.Length)
        {
            _load.Report(Verdict.Wrong, $"MGET of {keys.Length}", reply);
            return true;
        }

        for (int i = 0; i < keys.Length; i++)
        {
            Read(keys[i], reply.Items[i]);
        }

        return true;
    });

    private void AddMany()
    {
        CheckedKey[] keys = [.. Enumerable.Range(0, KeysOfMany).Select(_ => Any(_texts)).Distinct()];
        List<string> words = ["MSET"];
        long[] values = new long[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            words.AddRange([keys[i].Name, keys[i].NextText(out values[i])]);
        }

        Add([.. words], reply =>
        {
            bool isKnown = !_load.IsError(reply);
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i].Wrote(values[i], isKnown);
            }

            return isKnown && Is(reply, "+OK", "MSET");
        });
    }

    private void AddTransaction(CheckedKey key)
    {
        string text = key.NextText(out long value);
        Add(["MULTI"], reply => !_load.IsError(reply) && Is(reply, "+OK", "MULTI"));
        Add(["SET", key.Name, text], reply => !_load.IsError(reply) && Is(reply, "+QUEUED", "SET in MULTI"));
        Add(["GET", key.Name], reply => !_load.IsError(reply) && Is(reply, "+QUEUED", "GET in MULTI"));
        Add(["EXEC"], reply => Wrote(key, value, reply, $"*[+OK, ${text}]"));
    }

    /// <summary>Pushes an element and waits for it.</summary>
    private void AddWait()
    {
        string text = _list.NextText(out long value);
        Add(["DEL", _list.Name], reply => !_load.IsError(reply));
        Add(["RPUSH", _list.Name, text], reply =>
        {
            bool isKnown = !_load.IsError(reply);
            _list.Wrote(value, isKnown);
            return isKnown;
        });
        Add(["BLPOP", _list.Name, "1"], reply =>
        {
            if (_load.IsError(reply))
            {
                return false;
            }

            bool isWell = reply.IsNull || (reply.Items is [{ } list, _] && list.Text == _list.Name);
            Verdict verdict = !isWell ? Verdict.Wrong : reply.IsNull ? _list.Read(null) : _list.Read(reply.Items[1].Text);
            _load.Report(verdict, _list.ToString(), reply);
            return true;
        });
    }

    private bool Wrote(CheckedKey key, long value, RespValue reply, string expected)
    {
        bool isKnown = !_load.IsError(reply);
        key.Wrote(value, isKnown);
        return isKnown && Is(reply, expected, key.Name);
    }

    private bool Grew(CheckedKey key, RespValue reply)
    {
        if (_load.IsError(reply))
        {
            key.MayHaveGrown();
            return false;
        }

        string before = key.ToString();
        _load.Report(reply.Type is ':' ? key.Grew(Number(reply)) : Verdict.Wrong, before, reply);
        return true;
    }

    private bool Went(CheckedKey key, RespValue reply)
    {
        if (_load.IsError(reply))
        {
            key.Wrote(0, isKnown: false);
            return false;
        }

        string before = key.ToString();
        _load.Report(reply.Type is ':' ? key.Went(Number(reply)) : Verdict.Wrong, before, reply);
        return true;
    }

    private bool Read(CheckedKey key, RespValue reply)
    {
        if (_load.IsError(reply))
        {
            return false;
        }

        _load.Report(reply.Type is '$' or '_' ? key.Read(reply.Text) : Verdict.Wrong, key.ToString(), reply);
        return true;
    }

    private bool Is(RespValue reply, string expected, string what)
    {
        if (reply.ToString() != expected)
        {
            _load.Report(Verdict.Wrong, $"{what}: {expected}", reply);
        }

        return true;
    }

    private void Add(string[] words, Func<RespValue, bool> check)
    {
        _bytes.AddRange(RespClient.Encode(words));
        _checks.Add(check);
    }

    private CheckedKey Any(CheckedKey[] keys) => keys[_random.Next(keys.Length)];

    private static long Number(RespValue reply) => long.Parse(reply.Text!, CultureInfo.InvariantCulture);
}
