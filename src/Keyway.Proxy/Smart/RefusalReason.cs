using System.Text;

namespace Keyway.Proxy.Smart;

/// <summary>Why an early write was given up, in one word: the first of the server's error.</summary>
internal static class RefusalReason
{
    /// <summary>The connection was lost, and the command is not to be sent twice.</summary>
    internal const string Uncertain = "UNCERTAIN";

    private const int Longest = 32;

    /// <summary>The first word of an error reply.</summary>
    internal static string Of(ReadOnlySpan<byte> reply)
    {
        ReadOnlySpan<byte> text = reply[1..];
        if (reply[0] == '!')
        {
            text = text[(text.IndexOf((byte)'\n') + 1)..];
        }

        int end = text.IndexOfAny((byte)' ', (byte)'\r');
        text = text[..Math.Min(end < 0 ? text.Length : end, Longest)];
        return text.IsEmpty || text.ContainsAnyExceptInRange((byte)'A', (byte)'Z') ? "ERR" : Encoding.ASCII.GetString(text);
    }

    /// <summary>True if the server executed nothing and will take the same request later.</summary>
    internal static bool IsPassing(string reason) => reason is "LOADING" or "BUSY" or "MASTERDOWN" or "TRYAGAIN" or "CLUSTERDOWN";
}
