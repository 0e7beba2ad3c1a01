namespace Keyway.Proxy.Pipelining;

/// <summary>
/// The keys of one command grouped by server: lists threaded through two arrays, so that grouping is linear in keys and allocates nothing
/// once warm.
/// </summary>
internal sealed class KeyGrouping
{
    private int[] _first = [];
    private int[] _last = [];
    private int[] _count = [];
    private int[] _next = new int[16];

    /// <summary>Groups that have keys.</summary>
    internal int Groups { get; private set; }

    /// <summary>Forgets the last command.</summary>
    internal void Begin(int servers, int keys)
    {
        if (_first.Length < servers)
        {
            _first = new int[servers];
            _last = new int[servers];
            _count = new int[servers];
        }

        if (_next.Length < keys)
        {
            _next = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)keys)];
        }

        Array.Fill(_first, -1, 0, servers);
        Array.Clear(_count, 0, servers);
        Groups = 0;
    }

    /// <summary>Key number <paramref name="key"/> (rising from 0) is on <paramref name="server"/>.</summary>
    internal void Add(int key, int server)
    {
        _next[key] = -1;
        if (_first[server] < 0)
        {
            _first[server] = key;
            Groups++;
        }
        else
        {
            _next[_last[server]] = key;
        }

        _last[server] = key;
        _count[server]++;
    }

    /// <summary>How many keys the server has.</summary>
    internal int CountOf(int server) => _count[server];

    /// <summary>The server's first key, or -1.</summary>
    internal int FirstOf(int server) => _first[server];

    /// <summary>The next key of the same server, or -1.</summary>
    internal int NextOf(int key) => _next[key];
}
