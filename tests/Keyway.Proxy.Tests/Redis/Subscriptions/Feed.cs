using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis.Subscriptions;

/// <summary>What a server sends to a subscriber, <c>~</c> for CRLF.</summary>
internal static class Feed
{
    public static string Confirm(string word, string name, int count) => $"*3~${word.Length}~{word}~${name.Length}~{name}~:{count}~";

    public static string Message(string channel, string text) => $"*3~$7~message~${channel.Length}~{channel}~${text.Length}~{text}~";

    /// <summary>A new client that has subscribed to the channel, confirmed by a server's newest connection.</summary>
    public static (RigClient Client, RigServerConnection Connection) Subscribe(ProxyRig rig, string channel, bool resp3 = false, int server = 0)
    {
        RigClient client = rig.Connect();
        if (resp3)
        {
            ((Keyway.Proxy.Redis.RedisProtocol)rig.State.Driver).ServerVersion = "7.0.15";
            client.Ask("HELLO 3");
            client.Replies();
        }

        client.Ask("SUBSCRIBE " + channel);
        RigServerConnection connection = rig.Servers[server].Last;
        Assert.Equal(["subscribe " + channel], connection.Requests());
        connection.SendText(Confirm("subscribe", channel, 1));
        Assert.Equal((resp3 ? ">" : "*") + Confirm("subscribe", channel, 1)[1..], client.Replies());
        return (client, connection);
    }
}
