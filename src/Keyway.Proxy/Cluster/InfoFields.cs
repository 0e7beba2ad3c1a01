using System.Text;

namespace Keyway.Proxy.Cluster;

/// <summary>What a server says to INFO.</summary>
internal static class InfoFields
{
    /// <summary>Its lines <c>name:value</c>.</summary>
    internal static Dictionary<string, string> Of(ReadOnlySpan<byte> reply)
    {
        Dictionary<string, string> fields = [];
        foreach (string line in Encoding.UTF8.GetString(reply).Split("\r\n"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                fields[line[..colon]] = line[(colon + 1)..];
            }
        }

        return fields;
    }
}
