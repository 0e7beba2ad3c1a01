using System.Globalization;
using System.Text;

namespace Keyway.Proxy.Merging.Info;

/// <summary>
/// Adds lines of counts: <c>keys=10,expires=2,avg_ttl=500</c>. Averages are weighted by what they are the average of: <c>avg_ttl</c> by the keys
/// that expire, <c>usec_per_call</c> by the calls.
/// </summary>
internal static class InfoCounts
{
    /// <summary>The sum of two lines in the first one's order; fields of one line only are kept, text that is no count is the first one's.</summary>
    internal static string Add(string left, string right)
    {
        var a = Parse(left);
        var b = Parse(right);
        var sum = new StringBuilder();
        foreach (var (name, value) in a)
        {
            Append(sum, name, Merge(name, value, a, b));
        }

        foreach (var (name, value) in b)
        {
            if (Value(a, name) is null)
            {
                Append(sum, name, value);
            }
        }

        return sum.ToString();
    }

    private static string Merge(string name, string value, List<(string Name, string Value)> a, List<(string Name, string Value)> b)
    {
        if (Value(b, name) is not { } other)
        {
            return value;
        }

        return name switch
        {
            "avg_ttl" => Average(value, Value(a, "expires"), other, Value(b, "expires"), "0"),
            "usec_per_call" => Average(value, Value(a, "calls"), other, Value(b, "calls"), "0.00"),
            _ => InfoNumbers.Add(value, other) ?? value,
        };
    }

    private static string Average(string left, string? leftWeight, string right, string? rightWeight, string format)
    {
        if (!InfoNumbers.TryParse(left, out var a) || !InfoNumbers.TryParse(right, out var b)
            || !InfoNumbers.TryParse(leftWeight ?? "", out var aWeight) || !InfoNumbers.TryParse(rightWeight ?? "", out var bWeight)
            || aWeight + bWeight <= 0)
        {
            return left;
        }

        // Shares before products, which might exceed a decimal's 96 bits.
        var average = (a * (aWeight / (aWeight + bWeight))) + (b * (bWeight / (aWeight + bWeight)));
        return average.ToString(format, CultureInfo.InvariantCulture);
    }

    private static List<(string Name, string Value)> Parse(string line)
    {
        var counts = new List<(string, string)>();
        foreach (var range in line.AsSpan().Split(','))
        {
            var count = line[range];
            var equals = count.IndexOf('=', StringComparison.Ordinal);
            counts.Add(equals < 0 ? (count, "") : (count[..equals], count[(equals + 1)..]));
        }

        return counts;
    }

    private static string? Value(List<(string Name, string Value)> counts, string name)
    {
        foreach (var count in counts)
        {
            if (string.Equals(count.Name, name, StringComparison.Ordinal))
            {
                return count.Value;
            }
        }

        return null;
    }

    private static void Append(StringBuilder line, string name, string value)
    {
        if (line.Length > 0)
        {
            line.Append(',');
        }

        line.Append(name);
        if (value.Length > 0)
        {
            line.Append('=').Append(value);
        }
    }
}
