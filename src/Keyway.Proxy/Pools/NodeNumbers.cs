using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Pools;

/// <summary>
/// The numbers of a pool's nodes, the same on all reactors: those of the configured servers, then others as they are heard of. The number of a node that has left is
/// another's later, so that a cluster whose nodes come and go with new addresses needs no more numbers than it has nodes at a time. For any thread.
/// </summary>
internal sealed class NodeNumbers
{
    /// <summary>Milliseconds before a number is another's: by then what was under way is over, and no news of the node is on its way between reactors any more.</summary>
    internal const long RestMilliseconds = 60_000;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries;
    private readonly Dictionary<(string Host, int Port), int> _byAddress = [];

    /// <param name="configured">The servers that keep their numbers.</param>
    internal NodeNumbers(IReadOnlyList<ServerConfig> configured)
    {
        Configured = configured.Count;
        _entries = [.. configured.Select(static server => new Entry(server, IsMember: true, 0))];
        for (int i = 0; i < configured.Count; i++)
        {
            if (configured[i].Host is { } host)
            {
                _byAddress.TryAdd((host, configured[i].Port), i);
            }
        }
    }

    /// <summary>How many servers the file names.</summary>
    internal int Configured { get; }

    /// <summary>The number of the node at this address; a new one if it has none.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="now">A reactor's milliseconds.</param>
    internal int IndexOf(string host, int port, long now)
    {
        lock (_lock)
        {
            if (_byAddress.TryGetValue((host, port), out int index))
            {
                _entries[index] = _entries[index] with { LastNamed = now };
                return index;
            }

            string address = ServerConfig.AddressOf(host, port);
            Entry entry = new(new ServerConfig { Text = address, Host = host, Port = port, Label = address }, IsMember: false, now);
            index = _entries.FindIndex(Configured, free => !free.IsMember && now - free.LastNamed >= RestMilliseconds);
            if (index < 0)
            {
                index = _entries.Count;
                _entries.Add(entry);
            }
            else
            {
                ServerConfig gone = _entries[index].Node;
                _byAddress.Remove((gone.Host!, gone.Port));
                _entries[index] = entry;
            }

            _byAddress.Add((host, port), index);
            return index;
        }
    }

    /// <summary>The node of that number.</summary>
    internal ServerConfig At(int index)
    {
        lock (_lock)
        {
            return _entries[index].Node;
        }
    }

    /// <summary>From now on these are the cluster's nodes: they keep their numbers.</summary>
    /// <param name="members">The numbers.</param>
    /// <param name="now">A reactor's milliseconds.</param>
    internal void Keep(IReadOnlySet<int> members, long now)
    {
        lock (_lock)
        {
            for (int i = Configured; i < _entries.Count; i++)
            {
                Entry entry = _entries[i];
                bool isMember = members.Contains(i);
                if (entry.IsMember != isMember)
                {
                    _entries[i] = entry with { IsMember = isMember, LastNamed = now };
                }
            }
        }
    }

    private readonly record struct Entry(ServerConfig Node, bool IsMember, long LastNamed);
}
