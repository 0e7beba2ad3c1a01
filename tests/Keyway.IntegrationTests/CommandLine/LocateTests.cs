using System.Text;

namespace Keyway.IntegrationTests.CommandLine;

public sealed class LocateTests : IDisposable
{
    // modula over one-at-a-time: nutcracker's documented check values decide which of the three servers it is.
    private readonly ConfigFile _file = new("""
        fruit:
          listen: 127.0.0.1:22121
          redis: true
          hash: one_at_a_time
          distribution: modula
          hash_tag: "{}"
          servers:
           - h:1:1 a
           - h:2:1 b
           - h:3:1 c
        """);

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Locate_Keys_PrintsKeyAndLabel()
    {
        KeywayRun run = await Locate("apple", "x{apple}y", "--", "-k");

        // 2297466611 modulo 3 is 2.
        Assert.StartsWith("apple\tc\nx{apple}y\tc\n-k\t", run.Output);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Locate_InACluster_PrintsTheSlot()
    {
        using ConfigFile file = new("pools: {cluster: {listen: 22121, topology: cluster, servers: [h:1, h:2]}}");

        KeywayRun run = await KeywayRun.Run("locate", "-c", file.Path, "foo", "x{foo}y");
        KeywayRun ejected = await KeywayRun.Run("locate", "-c", file.Path, "--eject", "h:1", "foo");

        Assert.Equal("foo\tslot 12182\nx{foo}y\tslot 12182\n", run.Output);
        Assert.Contains("is a cluster, which places the keys itself", ejected.Error);
    }

    [Theory]
    [InlineData("{events: {protocol: firehose, listen: 22121, sink: stdout}}", "pool 'events' makes records (protocol: firehose): no server has keys")]
    [InlineData("{cache: {listen: 22121, topology: sentinel, master: m, servers: [h:26379]}}", "pool 'cache' has all keys on one server, the master 'm' that the Sentinels name")]
    public async Task Locate_InAPoolThatPlacesNoKeys_SaysWhy(string pools, string message)
    {
        using ConfigFile file = new("pools: " + pools);

        KeywayRun run = await KeywayRun.Run("locate", "-c", file.Path, "k");

        Assert.Equal(new KeywayRun(2, "", $"keyway: {message}\n"), run);
    }

    [Fact]
    public async Task Locate_HexAndStandardInput_AgreeOnBytes()
    {
        // 26298542 modulo 3 is 2.
        KeywayRun hex = await Locate("--hex", "c3a9");
        KeywayRun input = await KeywayRun.RunWithInput([0xc3, 0xa9, (byte)'\n', 0xff], "locate", "-c", _file.Path, "-");

        Assert.Equal("c3a9\tc\n", hex.Output);
        Assert.StartsWith(Encoding.Latin1.GetString([0xc3, 0xa9]) + "\tc\n" + Encoding.Latin1.GetString([0xff]) + "\t", input.Output);
    }

    [Fact]
    public async Task Locate_WithoutAnEjectedServer_TakesAnother()
    {
        // 2297466611 modulo 2 is 1: the second of a and b.
        KeywayRun run = await Locate("--eject", "c", "apple");

        Assert.Equal("apple\tb\n", run.Output);
    }

    [Theory]
    [InlineData("'zz' is not hexadecimal", "--hex", "zz")]
    [InlineData("it has a, b, c", "--eject", "d", "apple")]
    [InlineData("every server is ejected", "--eject", "a", "--eject", "b", "--eject", "c", "apple")]
    [InlineData("no pool 'x', it has fruit", "--pool", "x", "apple")]
    public async Task Locate_WhatCannotBe_EndsWith2(string message, params string[] args)
    {
        KeywayRun run = await Locate(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public async Task Locate_InAFileOfSeveralPools_AsksForOne()
    {
        using var file = new ConfigFile("pools: {a: {listen: 1001, servers: [memory]}, b: {listen: 1002, servers: [memory]}}");

        KeywayRun run = await KeywayRun.Run("locate", "-c", file.Path, "k");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("choose one with --pool: a, b", run.Error);
    }

    private Task<KeywayRun> Locate(params string[] args) => KeywayRun.Run(["locate", "-c", _file.Path, .. args]);
}
