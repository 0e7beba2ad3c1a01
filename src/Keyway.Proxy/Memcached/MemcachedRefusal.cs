using System.Text;
using Keyway.Protocol.Memcached;

namespace Keyway.Proxy.Memcached;

/// <summary>Why an early write was not executed, in one word.</summary>
internal static class MemcachedRefusal
{
    private const int Longest = 32;

    /// <summary>Null if it was.</summary>
    /// <param name="reply">The server's line.</param>
    /// <param name="command">What it was asked.</param>
    internal static string? Of(ReadOnlySpan<byte> reply, MemcachedCommand command)
    {
        int end = reply.IndexOf((byte)'\r');
        ReadOnlySpan<byte> line = end < 0 ? reply : reply[..end];
        if (Ascii.Equals(line, command.PlainAnswer) || (command.Action == MemcachedAction.Delete && line.SequenceEqual("NOT_FOUND"u8)))
        {
            // What was to be deleted is not there: that is what was asked for, and what a repeated delete finds.
            return null;
        }

        int word = line.IndexOf((byte)' ');
        return line.StartsWith("SERVER_ERROR out of memory"u8) ? "OUT_OF_MEMORY"
            : line.StartsWith("SERVER_ERROR object too large"u8) ? "TOO_LARGE"
            : Encoding.ASCII.GetString(line[..Math.Min(word < 0 ? line.Length : word, Longest)]);
    }
}
