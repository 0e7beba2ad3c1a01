using System.Net;
using System.Runtime.CompilerServices;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration;

/// <summary>Reads configurations with a fixed environment and resolver, and finds the repository's files.</summary>
internal static class Files
{
    public const string Secret = "s3cr3t-horse";

    private static readonly ConfigSurroundings Surroundings = new(
        name => name is "KEYWAY_PASSWORD" or "REDIS_PASSWORD" ? Secret : null,
        host => host is "cache.internal" ? IPAddress.Parse("10.1.2.3") : null);

    public static ConfigResult Read(string text) => ConfigReader.ReadText("f.yml", text, Surroundings);

    /// <summary>Reads another program's file as <c>run</c> does.</summary>
    public static ConfigResult Read(string text, ConfigFormat? from, string name = "f.conf") => ConfigReader.ReadText(name, text, Surroundings, from);

    /// <summary>Rewrites another program's file.</summary>
    public static ImportResult Import(string text, ConfigFormat? from = null, string name = "f.conf") => ConfigImport.ReadText(name, text, from, Surroundings);

    /// <summary>One pool in Keyway's shape: the lines given, indented, after an address and a server.</summary>
    public static ConfigResult ReadPool(params string[] lines) => Read(PoolText(lines));

    public static PoolConfig Pool(params string[] lines)
    {
        ConfigResult result = ReadPool(lines);
        Assert.Empty(result.Problems);
        return Assert.Single(result.Config!.Pools);
    }

    public static string Only(ConfigResult result)
    {
        Assert.Null(result.Config);
        return Assert.Single(result.Problems).ToString();
    }

    public static string Repository() => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string PoolText(string[] lines)
    {
        List<string> all = ["pools:", "  cache:"];
        all.AddRange(lines.Select(l => "    " + l));
        Add("listen", "    listen: 127.0.0.1:6380");
        Add("servers", "    servers: [127.0.0.1:6379]");
        return string.Join('\n', all);

        void Add(string key, string line)
        {
            if (!lines.Any(l => l.StartsWith(key + ":", StringComparison.Ordinal)))
            {
                all.Add(line);
            }
        }
    }
}
