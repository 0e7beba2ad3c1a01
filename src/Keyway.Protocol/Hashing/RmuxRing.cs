using System.Numerics;

namespace Keyway.Protocol.Hashing;

/// <summary>
/// <c>rmux</c>: the hash table of rmux (salesforce, anexia), entry for entry. A key whose server is ejected belongs to the next live one in
/// the table, as with rmux's fail-over. The hash is rmux's own: h * 33 + byte from 0. Weights are ignored; a server added moves most keys.
/// </summary>
/// <remarks>
/// For n servers and p, the least prime that is not below n, the table's first p * (p - 1) entries are (m * v mod p) for m = 1 to p - 1 and
/// in it v = 0 to p - 1; where that is no server, the entry is as the one before. From there to the next power of two it begins again.
/// </remarks>
internal sealed class RmuxRing : Ring
{
    private readonly byte[] _table;

    /// <exception cref="ArgumentException">There are more than <see cref="Placement.MaxRmuxServers"/> servers.</exception>
    internal RmuxRing(int servers, int[] live)
    {
        if (servers > Placement.MaxRmuxServers)
        {
            throw new ArgumentException($"The distribution rmux has tables for at most {Placement.MaxRmuxServers} servers.", nameof(servers));
        }

        _table = Table(servers);
        StepOver(_table, live);
    }

    internal override int Locate(ReadOnlySpan<byte> key)
    {
        uint hash = 0;
        foreach (byte b in key)
        {
            hash = (hash * 33) + b;
        }

        return _table[hash & (uint)(_table.Length - 1)];
    }

    /// <summary>The table while all servers are up; a server's number fits a byte.</summary>
    internal static byte[] Table(int servers)
    {
        int prime = PrimeFrom(servers);
        byte[] table = new byte[BitOperations.RoundUpToPowerOf2((uint)(prime * (prime - 1)))];
        int filled = 0;
        for (int m = 1; m < prime; m++)
        {
            for (int v = 0; v < prime; v++, filled++)
            {
                int server = m * v % prime;
                table[filled] = server < servers ? (byte)server : table[filled - 1];
            }
        }

        for (int i = filled; i < table.Length; i++)
        {
            table[i] = table[i - filled];
        }

        return table;
    }

    /// <summary>Gives the entries of servers that are away to the next live one, going round from the end to the start.</summary>
    private static void StepOver(byte[] table, int[] live)
    {
        int next = live[0];
        for (int i = (2 * table.Length) - 1; i >= 0; i--)
        {
            ref byte entry = ref table[i & (table.Length - 1)];
            if (Array.IndexOf(live, entry) >= 0)
            {
                next = entry;
            }
            else if (i < table.Length)
            {
                entry = (byte)next;
            }
        }
    }

    private static int PrimeFrom(int least)
    {
        int candidate = Math.Max(least, 2);
        while (!IsPrime(candidate))
        {
            candidate++;
        }

        return candidate;
    }

    private static bool IsPrime(int number)
    {
        for (int divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
