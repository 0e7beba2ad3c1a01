namespace Keyway.WriteBehind.Sinks.RedisStream;

/// <summary>What an error of Redis means for a record.</summary>
internal static class RedisErrors
{
    private const int LongestReason = 200;

    /// <summary>States of a server that pass by themselves.</summary>
    private static readonly string[] Passing =
    [
        "OOM", "LOADING", "READONLY", "BUSY", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS", "ERR max number of clients",
    ];

    /// <summary>True if the server may take it later without anybody's help.</summary>
    internal static bool IsPassing(string error) => Array.Exists(Passing, start => error.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The result of a call that failed as a whole.</summary>
    internal static SinkResult ResultOf(string error) =>
        new() { Verdict = IsPassing(error) ? SinkVerdict.Retry : SinkVerdict.Parked, Reason = error[..Math.Min(error.Length, LongestReason)] };
}
