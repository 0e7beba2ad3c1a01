using System.Globalization;
using System.Text;
using Keyway.Protocol.Cluster;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>A cluster's pool in front of scripted nodes (0 up, at 10.0.0.1:7000 up) that share the slots evenly and say so; a test's function answers everything else.</summary>
internal sealed class SlotRig : IDisposable
{
    private const string Host = "10.0.0.1";
    private const int FirstPort = 7000;

    private readonly Func<int, string, string?> _answer;
    private readonly int _nodes;
    private readonly List<RigServer> _servers;

    /// <param name="answer">What a node replies to a request (its words between blanks), <c>~</c> for CRLF; null for nothing yet.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="change">Adapts the configuration.</param>
    /// <param name="isKnown">False has the nodes refuse the question for the map.</param>
    /// <param name="map">What they say to it, if not that the slots are shared evenly.</param>
    /// <param name="others">How many nodes there are beside, which are not configured: their numbers follow.</param>
    public SlotRig(Func<int, string, string?> answer, int nodes = 3, Func<PoolConfig, PoolConfig>? change = null, bool isKnown = true, string? map = null, int others = 0)
    {
        _answer = answer;
        _nodes = nodes;
        IsTelling = isKnown;
        Map = map ?? Shards([.. Enumerable.Range(0, nodes)]);
        Rig = new ProxyRig(nodes, config =>
        {
            PoolConfig cluster = config with
            {
                Topology = PoolTopology.Cluster,
                Servers = [.. config.Servers.Select(static (server, i) => server with { Host = Host, Port = FirstPort + i })],
            };
            return change?.Invoke(cluster) ?? cluster;
        });
        _servers = [.. Rig.Servers, .. Enumerable.Range(0, others).Select(static _ => new RigServer())];
        Rig.State.Begin();
        Client = Rig.Connect();
        Serve();
    }

    public ProxyRig Rig { get; }

    public RigClient Client { get; }

    /// <summary>Every request that a node got but those for the map, as <c>node:request</c>.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>How often a node was asked for the map.</summary>
    public int Questions => Asked.Count;

    /// <summary>The nodes that were asked for the map.</summary>
    public List<int> Asked { get; } = [];

    /// <summary>What nodes say when they are asked for the map.</summary>
    public string Map { get; set; }

    /// <summary>False while nodes refuse the question for the map.</summary>
    public bool IsTelling { get; set; }

    /// <summary>A key in a slot that the node has at first.</summary>
    public string KeyOn(int node, int number = 0) => Enumerable.Range(0, int.MaxValue)
        .Select(static i => string.Create(CultureInfo.InvariantCulture, $"k{i}"))
        .Where(key => KeySlot.Of(Encoding.ASCII.GetBytes(key)) * _nodes / SlotRange.SlotCount == node)
        .ElementAt(number);

    /// <summary><c>MOVED</c> or <c>ASK</c> of a key to a node.</summary>
    public static string Redirect(string word, string key, int node) =>
        string.Create(CultureInfo.InvariantCulture, $"-{word} {KeySlot.Of(Encoding.ASCII.GetBytes(key))} {Host}:{FirstPort + node}~");

    /// <summary>CLUSTER SHARDS' reply when the shares of the slots, from the lowest, belong to these nodes.</summary>
    public static string Shards(params int[] owners)
    {
        StringBuilder reply = new();
        reply.Append(CultureInfo.InvariantCulture, $"*{owners.Distinct().Count()}~");
        foreach (int node in owners.Distinct())
        {
            int[] shares = [.. Enumerable.Range(0, owners.Length).Where(i => owners[i] == node)];
            reply.Append(CultureInfo.InvariantCulture, $"*4~$5~slots~*{2 * shares.Length}~");
            foreach (int share in shares)
            {
                reply.Append(CultureInfo.InvariantCulture, $":{First(share, owners.Length)}~:{First(share + 1, owners.Length) - 1}~");
            }

            reply.Append(CultureInfo.InvariantCulture, $"$5~nodes~*1~*10~$2~id~$2~n{node}~$4~port~:{FirstPort + node}~$8~endpoint~$8~{Host}~$4~role~$6~master~$6~health~$6~online~");
        }

        return reply.ToString();
    }

    /// <summary>As <see cref="Shards"/>, with the real addresses of nodes that are not configured.</summary>
    public string MapOf(params int[] owners)
    {
        string map = Shards(owners);
        for (int node = _nodes; node < _servers.Count; node++)
        {
            map = map.Replace(
                string.Create(CultureInfo.InvariantCulture, $":{FirstPort + node}~$8~endpoint~$8~{Host}~"),
                string.Create(CultureInfo.InvariantCulture, $":{_servers[node].Port}~$8~endpoint~$9~127.0.0.1~"),
                StringComparison.Ordinal);
        }

        return map;
    }

    /// <summary>Has the map asked for again, and waits for the answer.</summary>
    public string Refresh()
    {
        Rig.State.Cluster!.RequestRefresh();
        return Pass(200);
    }

    /// <summary>Sends requests and lets the nodes answer; gives the replies.</summary>
    public string Ask(params string[] requests)
    {
        Client.Ask(requests);
        return Serve();
    }

    /// <summary>Moves time on in steps, with the nodes answering.</summary>
    public string Pass(int milliseconds)
    {
        StringBuilder replies = new();
        for (int passed = 0; passed < milliseconds; passed += 10)
        {
            Rig.Advance(10);
            replies.Append(Serve());
        }

        return replies.ToString();
    }

    /// <summary>Lets the nodes answer until nothing more happens; gives what the client got.</summary>
    public string Serve()
    {
        StringBuilder replies = new();
        bool isBusy = true;
        while (isBusy)
        {
            Rig.Settle();
            isBusy = false;
            for (int node = 0; node < _servers.Count; node++)
            {
                foreach (RigServerConnection connection in _servers[node].Connections.Where(static connection => !connection.Socket.SafeHandle.IsClosed))
                {
                    // In one piece: a unix socket holds a few hundred messages, however small.
                    string answers = string.Concat(connection.Requests().Select(request => Answer(node, request)).ToArray());
                    isBusy |= answers.Length > 0;
                    if (answers.Length > 0 && !connection.Socket.SafeHandle.IsClosed)
                    {
                        _ = connection.TrySend(RigSocket.Bytes(answers));
                    }
                }
            }

            if (!Client.Socket.SafeHandle.IsClosed)
            {
                replies.Append(Client.Replies());
            }
        }

        return replies.ToString();
    }

    public void Dispose()
    {
        Rig.Dispose();
        _servers.Skip(_nodes).ToList().ForEach(static server => server.Dispose());
    }

    private static int First(int share, int shares) => (int)Math.Ceiling((double)share * SlotRange.SlotCount / shares);

    private string? Answer(int node, string request)
    {
        if (request is "CLUSTER SHARDS")
        {
            Asked.Add(node);
            return IsTelling ? Map : "-LOADING not now~";
        }

        if (request is "CLUSTER SLOTS" && !IsTelling)
        {
            return "-LOADING not now~";
        }

        Seen.Add(string.Create(CultureInfo.InvariantCulture, $"{node}:{request}"));
        return request is "ASKING" ? "+OK~" : _answer(node, request);
    }
}
