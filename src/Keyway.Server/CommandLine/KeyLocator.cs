using System.Text;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary>
/// Places keys on a pool's servers as the proxy does. Keys are bytes, not text: they pass through as Latin-1, which maps each byte to one
/// character and back.
/// </summary>
internal sealed class KeyLocator
{
    private readonly PoolConfig _pool;
    private readonly Placement? _placement; // null where the servers place the keys

    /// <summary>A locator for the pool without the servers of the ejected labels.</summary>
    /// <exception cref="UsageException">A label is unknown, no server is left, or the pool does not place keys.</exception>
    public KeyLocator(PoolConfig pool, string[] ejected)
    {
        _pool = pool;
        if (pool.Topology == PoolTopology.Cluster)
        {
            if (ejected.Length > 0)
            {
                throw new UsageException($"pool '{pool.Name}' is a cluster, which places the keys itself: --eject means nothing");
            }

            return;
        }

        if (pool.Protocol == PoolProtocol.Firehose)
        {
            throw new UsageException($"pool '{pool.Name}' makes records (protocol: firehose): no server has keys");
        }

        if (pool.Topology == PoolTopology.Sentinel)
        {
            throw new UsageException($"pool '{pool.Name}' has all keys on one server, the master '{pool.Master}' that the Sentinels name");
        }

        if (pool.Distribution == DistributionKind.Random)
        {
            throw new UsageException($"pool '{pool.Name}' takes any server for any key (distribution: random)");
        }

        string[] labels = [.. pool.Servers.Select(s => s.Label)];
        HashSet<int> away = [.. ejected.Select(label => Array.IndexOf(labels, label))];
        if (away.Contains(-1))
        {
            throw new UsageException($"--eject names a server that pool '{pool.Name}' does not have, it has {string.Join(", ", labels)}");
        }

        HashTag tag = pool.HashTag is { } pair ? new HashTag((byte)pair[0], (byte)pair[1]) : HashTag.None;
        _placement = new Placement(pool.Hash, pool.Distribution, tag, [.. pool.Servers.Select(s => new RingServer(s.Label, s.Weight))], away);
        if (_placement.LiveServers == 0)
        {
            throw new UsageException("every server is ejected");
        }
    }

    /// <summary>Prints a line for each key, <c>-</c> standing for the lines of standard input.</summary>
    /// <exception cref="UsageException">A key is not hexadecimal.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public void Print(string[] keys, bool hex)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), Encoding.Latin1, bufferSize: 1 << 16) { NewLine = "\n" };
        foreach (string key in keys.SelectMany(k => k is "-" ? Lines() : [AsBytes(k)]))
        {
            output.WriteLine($"{key}\t{AsBytes(PlaceOf(hex ? FromHex(key) : Encoding.Latin1.GetBytes(key)))}");
        }
    }

    /// <summary>The server's label; of a cluster the slot, whose node only the cluster knows.</summary>
    private string PlaceOf(byte[] key) => _placement is null ? $"slot {KeySlot.Of(key)}" : _pool.Servers[_placement.Locate(key)].Label;

    private static IEnumerable<string> Lines()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        while (input.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static string AsBytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] FromHex(string key)
    {
        try
        {
            return Convert.FromHexString(key);
        }
        catch (FormatException)
        {
            throw new UsageException($"'{key}' is not hexadecimal");
        }
    }
}
