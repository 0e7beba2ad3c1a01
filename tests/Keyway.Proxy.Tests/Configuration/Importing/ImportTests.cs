using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration.Importing;

/// <summary>What holds for every program's file.</summary>
public sealed class ImportTests
{
    public static TheoryData<string> Samples => ["nutcracker.yml", "golemproxy.yml", "rmux.json", "relayer.conf"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Import_OfASample_ReadsAsTheSampleItself(string name)
    {
        string text = File.ReadAllText(Path.Combine(Files.Repository(), "samples/import", name));

        // golemproxy's file looks like nutcracker's: only its user knows.
        ConfigFormat? from = name == "golemproxy.yml" ? ConfigFormat.Golemproxy : null;
        ConfigResult direct = Files.Read(text, from, name);
        ImportResult import = Files.Import(text, from, name);

        Assert.Empty(direct.Problems);
        Assert.Empty(import.Problems);
        Assert.False(import.IsPartial);
        AssertSame(direct.Config!, Files.Read(import.Yaml!));
    }

    [Fact]
    public void Import_OfEveryFileInSamples_IsTested() => Assert.Equal(
        Directory.GetFiles(Path.Combine(Files.Repository(), "samples/import")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal),
        Samples.Select(row => row.Data).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("pools: {a: {listen: 6380, servers: [memory]}}", "f.conf:1:1: this is a file of Keyway's own; run it as it is")]
    [InlineData("just: text", "f.conf:1:1: this is no file of a program that is known; name the program: --from nutcracker, golemproxy, rmux, smart-relayer")]
    [InlineData("a: {redis: true, listen: 127.0.0.1:1, servers: [x]}", "f.conf:1:49: a.servers[0] 'x' is not host:port:weight; *")]
    [InlineData("[1]", "f.conf:1:2: [0] is not a pool; *")]
    [InlineData("a: {", "f.conf:*")]
    public void Import_WhatCannotBe_IsAMistake(string text, string expected)
    {
        ImportResult import = Files.Import(text);

        Assert.Null(import.Yaml);
        Assert.StartsWith(expected.TrimEnd('*'), import.Problems[0].ToString());
    }

    [Theory]
    [InlineData("${X}", "\"${X}\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("q\"\\\u0001", "\"q\\\"\\\\\\u0001\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("- x", "\"- x\"")]
    [InlineData(" x", "\" x\"")]
    [InlineData("x:", "\"x:\"")]
    [InlineData("[::1]:80", "\"[::1]:80\"")]
    [InlineData("/run/a.sock 0660", "/run/a.sock 0660")]
    [InlineData("10.0.0.1:6379:1 alpha", "10.0.0.1:6379:1 alpha")]
    public void YamlText_OfAnyText_NeedsNoMoreQuotesThanItMust(string text, string yaml) =>
        Assert.Equal(yaml, Keyway.Proxy.Configuration.Importing.YamlText.Of(text));

    [Fact]
    public void Import_TextWithLineEnds_StaysInItsComment()
    {
        ImportResult import = Files.Import("""[{"port": 6380, "host": "127.0.0.1", "tcpConnections": ["a:1"], "x\npools: {}": 1}]""");

        Assert.Contains("# line 1: 'x pools: {}' is unknown", import.Yaml);
        Assert.Empty(Files.Read(import.Yaml!).Problems);
    }

    internal static void AssertSame(KeywayConfig expected, ConfigResult actual)
    {
        Assert.Empty(actual.Problems);
        Assert.Equal(Text(expected), Text(actual.Config!));
    }

    /// <summary>Everything of the configuration but the texts that its values were written with.</summary>
    private static string Text(KeywayConfig config) => string.Join('\n', config.Pools.Select(Text).Prepend($"{config.Threads} {config.MaxBuffers} {config.Log}"));

    private static string Text(PoolConfig pool) => (pool with
    {
        Listen = [],
        Servers = [],
        Allow = [],
        Deny = [],
    }) + string.Join(", ", pool.Allow) + " " + string.Join(", ", pool.Deny) + string.Join(", ", pool.Listen.Select(l => l with { Text = "" })) + string.Join(", ", pool.Servers.Select(s => s with { Text = "" }));
}
