using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Redis;

/// <content>
/// CLUSTER and its kin. In front of a cluster a client that knows clusters sees one of a single node, at the address that it connected to; or, with
/// <c>cluster_view: real</c>, the nodes that there are. Without a cluster Keyway is a server that is in none.
/// </content>
internal static partial class LocalCommands
{
    private const int BusOffset = 10_000; // from a node's port to that of the cluster bus
    private const int LastSlot = SlotRange.SlotCount - 1;

    private static readonly Dictionary<string, Handler> ClusterHandlers = new(StringComparer.Ordinal)
    {
        ["asking"] = InCluster(SayOk),
        ["readonly"] = InCluster(SayOk),
        ["readwrite"] = InCluster(SayOk),
        ["cluster|slots"] = View(ClusterSlots),
        ["cluster|shards"] = View(ClusterShards),
        ["cluster|nodes"] = View(ClusterNodes),
        ["cluster|info"] = View(ClusterInfo),
        ["cluster|myid"] = View(ClusterMyId),
        ["cluster|myshardid"] = View(ClusterMyId),
        ["cluster|links"] = View(SayNothing),
        ["cluster|replicas"] = View(SayNothing),
        ["cluster|slaves"] = View(SayNothing),
        ["cluster|count-failure-reports"] = View(SayZero),
        ["cluster|keyslot"] = InCluster(ClusterKeySlot),
        ["cluster|countkeysinslot"] = InCluster(AskOwner),
        ["cluster|getkeysinslot"] = InCluster(AskOwner),
    };

    /// <summary>What Keyway says where it is in front of a cluster.</summary>
    private static Handler InCluster(Handler handler) => (client, frame, args) =>
    {
        if (client.Pool.Config.Topology == PoolTopology.Cluster)
        {
            handler(client, frame, args);
        }
        else
        {
            NoCluster(client, frame, args);
        }
    };

    /// <summary>As <see cref="InCluster"/>, where a client that is to see the real nodes gets a node's answer.</summary>
    private static Handler View(Handler handler) => InCluster((client, frame, args) =>
    {
        if (client.Pool.Config.ClusterView == Configuration.ClusterView.Real)
        {
            client.ForwardToAny(client.LastCommand!, frame, args);
        }
        else
        {
            handler(client, frame, args);
        }
    });

    /// <summary>To its clients Keyway is one server: what they ask of a cluster is answered as by a server that is in none, and they go on without.</summary>
    private static void NoCluster(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        client.ReplyError("ERR This instance has cluster support disabled");

    /// <summary>Whoever changes a cluster has to talk to its nodes.</summary>
    private static void RefuseInCluster(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        client.ReplyError($"ERR {client.LastCommand!.DisplayName} concerns one node of the cluster; send it there over a direct connection.");

    private static void SayOk(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) => client.Reply("+OK\r\n"u8);

    private static void SayNothing(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) => client.Reply("*0\r\n"u8);

    private static void SayZero(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) => client.Reply(":0\r\n"u8);

    private static void ClusterKeySlot(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        OutputBuffer reply = client.BeginReply(out Request? place);
        reply.WriteInteger(KeySlot.Of(args.Get(frame, 2)));
        client.EndReply(place);
    }

    private static void AskOwner(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!RespLength.TryParse(args.Get(frame, 2), out long slot) || slot is < 0 or > LastSlot)
        {
            client.ReplyError("ERR Invalid slot");
            return;
        }

        client.ForwardToOwner((int)slot, client.LastCommand!, frame, args);
    }

    private static void ClusterMyId(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) => client.ReplyBulk(Node(client).Id);

    // [[0, 16383, [host, port, id, []]]]
    private static void ClusterSlots(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        (byte[] host, int port, byte[] id) = Node(client);
        OutputBuffer reply = client.BeginReply(out Request? place);
        reply.WriteArrayHeader(1);
        reply.WriteArrayHeader(3);
        reply.WriteInteger(0);
        reply.WriteInteger(LastSlot);
        reply.WriteArrayHeader(4);
        reply.WriteBulk(host);
        reply.WriteInteger(port);
        reply.WriteBulk(id);
        reply.WriteArrayHeader(0);
        client.EndReply(place);
    }

    private static void ClusterShards(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        (byte[] host, int port, byte[] id) = Node(client);
        OutputBuffer reply = client.BeginReply(out Request? place);
        reply.WriteArrayHeader(1);
        reply.WriteMapHeader(2, client.RespVersion);
        reply.WriteBulk("slots"u8);
        reply.WriteArrayHeader(2);
        reply.WriteInteger(0);
        reply.WriteInteger(LastSlot);
        reply.WriteBulk("nodes"u8);
        reply.WriteArrayHeader(1);
        reply.WriteMapHeader(7, client.RespVersion);
        reply.WriteBulk("id"u8);
        reply.WriteBulk(id);
        reply.WriteBulk("port"u8);
        reply.WriteInteger(port);
        reply.WriteBulk("ip"u8);
        reply.WriteBulk(host);
        reply.WriteBulk("endpoint"u8);
        reply.WriteBulk(host);
        reply.WriteBulk("role"u8);
        reply.WriteBulk("master"u8);
        reply.WriteBulk("replication-offset"u8);
        reply.WriteInteger(0);
        reply.WriteBulk("health"u8);
        reply.WriteBulk("online"u8);
        client.EndReply(place);
    }

    private static void ClusterNodes(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        (byte[] host, int port, byte[] id) = Node(client);
        int bus = port + BusOffset <= ushort.MaxValue ? port + BusOffset : 0;
        client.ReplyVerbatim(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Encoding.UTF8.GetString(id)} {Encoding.UTF8.GetString(host)}:{port}@{bus} myself,master - 0 0 1 connected 0-{LastSlot}\n")));
    }

    private static void ClusterInfo(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ClusterState cluster = client.Pool.Cluster!;
        int assigned = cluster.Slots.Assigned;
        string state = assigned == SlotRange.SlotCount ? "ok" : "fail";
        client.ReplyVerbatim(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"cluster_enabled:1\r\ncluster_state:{state}\r\ncluster_slots_assigned:{assigned}\r\ncluster_slots_ok:{assigned}\r\ncluster_slots_pfail:0\r\ncluster_slots_fail:0\r\ncluster_known_nodes:1\r\ncluster_size:1\r\ncluster_current_epoch:1\r\ncluster_my_epoch:1\r\n")));
    }

    /// <summary>The one node that there is: Keyway, where the client reached it. Its name is the same as long as its address is.</summary>
    private static (byte[] Host, int Port, byte[] Id) Node(RedisClient client)
    {
        (string host, int port) = client.LocalEndPoint is IPEndPoint { Address: var address } endPoint
            ? ((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(), endPoint.Port)
            : ("", 0);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{client.Pool.Config.Name}@{host}:{port}"));
        return (Encoding.UTF8.GetBytes(host), port, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.AsSpan(0, 20))));
    }
}
