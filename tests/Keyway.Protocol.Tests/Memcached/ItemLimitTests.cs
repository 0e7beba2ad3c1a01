using System.Text;
using Keyway.Protocol.Memcached;

namespace Keyway.Protocol.Tests.Memcached;

public sealed class ItemLimitTests
{
    [Theory]
    [InlineData("STAT maxbytes 1\r\nSTAT item_size_max 1048576\r\nSTAT x y\r\n", 1_048_576L)]
    [InlineData("STAT item_size_max 8589934592\r\n", 8_589_934_592L)]
    [InlineData("STAT item_size_max 0\r\n", null)]
    [InlineData("STAT item_size_max -1\r\n", null)]
    [InlineData("STAT item_size_max \r\n", null)]
    [InlineData("STAT slab_chunk_max 524288\r\nEND\r\n", null)]
    [InlineData("ERROR\r\n", null)]
    public void Settings_TellTheLargestItem_OrNot(string lines, long? expected) =>
        Assert.Equal(expected, MemcachedReplies.TryReadItemLimit(Encoding.ASCII.GetBytes(lines), out long bytes) ? bytes : null);
}
