using System.Globalization;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>
/// One key that one client alone writes: what it holds, as far as that is known. Values are numbers that only grow (0 is "no such key"); those of a text carry the
/// key's name, so that no reply can pass for that of another key.
/// </summary>
internal sealed class CheckedKey(string name, bool isCounter)
{
    // What it may hold now: one value, or several after writes whose outcome is not known.
    private readonly HashSet<long> _possible = [0];
    private long _last;

    public string Name => name;

    /// <summary>The text of a new value.</summary>
    public string NextText(out long value) => Text(value = ++_last);

    /// <summary>The reply that a read of this value has.</summary>
    public string Text(long value) => isCounter ? value.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    /// <summary>A write was answered, well or with an error.</summary>
    public void Wrote(long value, bool isKnown)
    {
        if (isKnown)
        {
            _possible.Clear();
        }

        _possible.Add(value);
    }

    /// <summary>INCR was answered with an error.</summary>
    public void MayHaveGrown()
    {
        foreach (long value in _possible.ToArray())
        {
            _possible.Add(value + 1);
            _last = Math.Max(_last, value + 1);
        }
    }

    /// <summary>INCR was answered with this.</summary>
    public Verdict Grew(long value)
    {
        Verdict verdict = Judge(value - 1);
        _last = Math.Max(_last, value);
        Wrote(value, isKnown: true);
        return verdict;
    }

    /// <summary>DEL was answered with the number of keys that went.</summary>
    public Verdict Went(long count)
    {
        bool mayHaveBeen = _possible.Any(static value => value != 0);
        bool mayHaveBeenAbsent = _possible.Contains(0);
        Wrote(0, isKnown: true);
        return count switch
        {
            1 when mayHaveBeen => Verdict.Right,
            0 when mayHaveBeenAbsent => Verdict.Right,
            0 or 1 => Verdict.Older,
            _ => Verdict.Wrong,
        };
    }

    /// <summary>A read was answered with this; replies are checked in order, so the writes before it are known.</summary>
    public Verdict Read(string? text) => TryRead(text, out long value) ? Judge(value) : Verdict.Wrong;

    public override string ToString() => $"{name} ({string.Join(" or ", _possible)}; last {_last})";

    private Verdict Judge(long value)
    {
        if (_possible.Contains(value))
        {
            return Verdict.Right;
        }

        if (value < 0 || value > _last)
        {
            return Verdict.Wrong;
        }

        _possible.Add(value);
        return Verdict.Older;
    }

    private bool TryRead(string? text, out long value)
    {
        value = 0;
        if (text is null)
        {
            return true;
        }

        string prefix = isCounter ? "" : $"{name}=";
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
