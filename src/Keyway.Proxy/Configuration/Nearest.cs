namespace Keyway.Proxy.Configuration;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
internal static class Nearest
{
    /// <summary>The candidate at the least edit distance, or null if even that one is no likely slip (over a third of the letters).</summary>
    public static string? To(string name, IEnumerable<string> candidates)
    {
        // Of two as near, fnv1_64 and fnv1a_64 for fnv1a64, the one that has the same letters.
        string? best = candidates.MinBy(c => (Distance(name, c), Distance(Bare(name), Bare(c))));
        return best is not null && Distance(name, best) <= Math.Max(2, best.Length / 3) ? best : null;
    }

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    /// <summary>Levenshtein's distance: letters to insert, delete or replace.</summary>
    internal static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        int[] current = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
