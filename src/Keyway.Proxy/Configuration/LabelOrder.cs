using System.Text;

namespace Keyway.Proxy.Configuration;

/// <summary>nutcracker's order of names, which fixes a server's index: by length in bytes, then bytewise.</summary>
internal sealed class LabelOrder : IComparer<string>
{
    public static LabelOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        byte[] a = Encoding.UTF8.GetBytes(x ?? "");
        byte[] b = Encoding.UTF8.GetBytes(y ?? "");
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.AsSpan().SequenceCompareTo(b);
    }
}
