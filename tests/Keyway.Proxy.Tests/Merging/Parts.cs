using System.Buffers;
using System.Text;
using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

/// <summary>Replies as text, one a server.</summary>
internal readonly struct Parts(params string[] frames) : IReplyParts
{
    private readonly byte[][] _frames = [.. frames.Select(Encoding.Latin1.GetBytes)];

    public delegate bool Merge(Parts parts, IBufferWriter<byte> output);

    public int Count => _frames.Length;

    public ReadOnlySpan<byte> this[int index] => _frames[index];

    /// <summary>What a merge writes, or null if it refuses; a merge that refuses must write nothing.</summary>
    public string? Merged(Merge merge) => Written(this, merge);

    /// <summary>A merge refuses these parts when any of them lacks any of its last bytes, and when there are none.</summary>
    public void AssertRefusedWhenCut(Merge merge)
    {
        Assert.NotNull(Merged(merge));
        Assert.Null(new Parts([]).Merged(merge));
        for (var part = 0; part < Count; part++)
        {
            var whole = Encoding.Latin1.GetString(_frames[part]);
            for (var length = 0; length < whole.Length; length++)
            {
                var cut = _frames.Select(Encoding.Latin1.GetString).ToArray();
                cut[part] = whole[..length];
                Assert.Null(new Parts(cut).Merged(merge));
            }

            var longer = _frames.Select(Encoding.Latin1.GetString).ToArray();
            longer[part] += "+OK\r\n";
            Assert.Null(new Parts(longer).Merged(merge));
        }
    }

    private static string? Written(Parts parts, Merge merge)
    {
        var output = new ArrayBufferWriter<byte>();
        if (merge(parts, output))
        {
            return Encoding.Latin1.GetString(output.WrittenSpan);
        }

        Assert.Equal(0, output.WrittenCount);
        return null;
    }
}
