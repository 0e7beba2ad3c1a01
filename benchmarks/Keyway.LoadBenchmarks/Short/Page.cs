using System.Text;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Short;

/// <summary>What a short-lived client does between opening its connection and closing it, one request after the other.</summary>
/// <param name="Title">What it does, in words.</param>
/// <param name="Database">The database of its keys.</param>
/// <param name="Password">What the server, and Keyway, demand; null for none.</param>
internal sealed record Page(string Title, int Database, string? Password)
{
    /// <summary>Number of different keys; their names are padded to digits of this length.</summary>
    public const int Keys = 1000;

    /// <summary>GET, where neither password nor database is needed.</summary>
    public static Page Get { get; } = new("GET", Database: 0, Password: null);

    /// <summary>What PHP's applications do in every page.</summary>
    public static Page AuthSelectGet { get; } = new("AUTH, SELECT, GET", Database: 3, Password: "secret-of-the-benchmark");

    /// <summary>The key of that number.</summary>
    public static string Key(int number) => $"page:{number:D3}";

    /// <summary>The requests with that key, each with the one reply that is right.</summary>
    public (byte[] Request, byte[] Reply)[] Exchanges(string key)
    {
        var get = (RespClient.Encode("GET", key), Encoding.ASCII.GetBytes($"${Scenario.Value.Length}\r\n{Scenario.Value}\r\n"));
        return Password is null ? [get] : [(RespClient.Encode("AUTH", Password), Ok()), (RespClient.Encode("SELECT", $"{Database}"), Ok()), get];

        static byte[] Ok() => "+OK\r\n"u8.ToArray();
    }
}
