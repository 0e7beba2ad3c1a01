using System.Text;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>The length of a unix socket's path: sockaddr_un has 108 bytes, one of them the end.</summary>
internal static class UnixPath
{
    private const int MaxBytes = 107;

    public static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= MaxBytes;
}
