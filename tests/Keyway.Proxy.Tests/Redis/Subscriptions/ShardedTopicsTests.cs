using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis.Subscriptions;

/// <summary>Which server has which subscription.</summary>
public sealed class ShardedTopicsTests
{
    [Fact]
    public void Channel_IsSubscribedWherePublishGoes()
    {
        using ProxyRig rig = new(servers: 2);
        string channel = rig.KeyOn(1);

        (RigClient client, _) = Feed.Subscribe(rig, channel, server: 1);
        Assert.Empty(rig.Servers[0].Connections);
        RigClient publisher = rig.Connect();
        publisher.Ask($"PUBLISH {channel} m");

        Assert.Equal([$"PUBLISH {channel} m"], rig.Servers[1].Last.Requests());
        _ = client;
    }

    [Theory]
    [InlineData("PSUBSCRIBE", "a?")]
    [InlineData("SUBSCRIBE", "__keyspace@0__:a")]
    [InlineData("SUBSCRIBE", "__keyevent@0__:del")]
    public void WhatComesFromAnyServer_IsSubscribedAtAll(string command, string name)
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        string word = command.ToLowerInvariant();
        client.Ask($"{command} {name}");
        Assert.All(rig.Servers, server => Assert.Equal([$"{word} {name}"], server.Last.Requests()));

        rig.Servers[0].Last.SendText(Feed.Confirm(word, name, 1));
        Assert.Equal("", client.Replies());
        rig.Servers[1].Last.SendText(Feed.Confirm(word, name, 1));

        Assert.Equal(Feed.Confirm(word, name, 1), client.Replies());
    }

    [Fact]
    public void EjectedServer_ItsChannelsMove()
    {
        using ProxyRig rig = new(servers: 2, static pool => pool with { AutoEjectHosts = true, ServerFailureLimit = 1 });
        string channel = rig.KeyOn(1);
        (RigClient client, _) = Feed.Subscribe(rig, channel, server: 1);
        rig.Servers[1].Stop();
        rig.Settle();
        RigClient asker = rig.Connect();
        asker.Ask($"GET {channel}");
        rig.Settle();

        RigServerConnection feed = rig.Servers[0].Last;
        Assert.Equal(["subscribe " + channel], feed.Requests());
        feed.SendText(Feed.Confirm("subscribe", channel, 1) + Feed.Message(channel, "m"));
        Assert.Equal(Feed.Message(channel, "m"), client.Replies());

        rig.Servers[1].Start();
        rig.Advance(31_000);
        RigServerConnection probe = rig.Servers[1].Connections.Last(static connection => connection.Requests() is ["PING"]);
        probe.SendText("+PONG~");
        rig.Settle();
        Assert.Equal(["unsubscribe " + channel], feed.Requests().Where(static request => request != "PING"));
        Assert.Equal(["subscribe " + channel], rig.Servers[1].Last.Requests());
    }

    [Fact]
    public void EjectedServer_TheSubscribeThatWaitsForIt_Moves()
    {
        using ProxyRig rig = new(servers: 2, static pool => pool with { AutoEjectHosts = true, ServerFailureLimit = 1 });
        string channel = rig.KeyOn(1);
        rig.Servers[1].Stop();
        RigClient client = rig.Connect();
        client.Ask($"SUBSCRIBE {channel}");
        Assert.Equal("", client.Replies());
        RigClient asker = rig.Connect();
        asker.Ask($"GET {channel}");
        rig.Settle();

        Assert.Contains("subscribe " + channel, rig.Servers[0].Last.Requests());
        rig.Servers[0].Last.SendText(Feed.Confirm("subscribe", channel, 1));
        Assert.Equal(Feed.Confirm("subscribe", channel, 1), client.Replies());
    }
}
