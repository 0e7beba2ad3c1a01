using System.Text;

namespace Keyway.Protocol.Hashing;

/// <summary>
/// The order in which nutcracker numbers the servers of a pool: by the label's length in bytes, then bytewise (<c>B b aa server1 server2
/// server10</c>). <see cref="DistributionKind.Modula"/> depends on it.
/// </summary>
public sealed class LabelOrder : IComparer<string>
{
    private LabelOrder()
    {
    }

    /// <summary>The one instance.</summary>
    public static LabelOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var left = Encoding.UTF8.GetBytes(x ?? "");
        var right = Encoding.UTF8.GetBytes(y ?? "");
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.AsSpan().SequenceCompareTo(right);
    }
}
