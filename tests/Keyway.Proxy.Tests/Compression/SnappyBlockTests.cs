using System.Text;
using Keyway.Proxy.Compression;

namespace Keyway.Proxy.Tests.Compression;

public sealed class SnappyBlockTests
{
    // Written by snappyjs 0.7.0, an implementation apart from ours.
    private static readonly byte[] Block = Convert.FromBase64String(
        "/AV4c21hcnQtcmVsYXllciBjb21wcmVzc2VkIHRoaXMsIP4fAP4fAP4fAP4fAP4fAP4fAP4fAP4fAP4fADIfAPBCAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P2FiYf4CADICAA==");

    private static readonly byte[] Text =
    [
        .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("smart-relayer compressed this, ", 20))),
        .. Enumerable.Range(0, 64).Select(static i => (byte)i),
        .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("ab", 40))),
    ];

    [Fact]
    public void Block_OfAnotherImplementation_IsRead()
    {
        Assert.True(SnappyBlock.TryReadLength(Block, out int length, out _));
        Assert.Equal(Text.Length, length);
        byte[] target = new byte[length];
        Assert.True(SnappyBlock.TryDecompress(Block, target, out int end));
        Assert.Equal(Block.Length, end);
        Assert.Equal(Text, target);
    }

    [Theory]
    [InlineData("00", "")]
    [InlineData("03 08 61 62 63", "abc")]
    [InlineData("08 00 61 09 01 04 7a 7a", null)] // a literal that is longer than what is left
    [InlineData("05 00 61 01 01", "aaaaa")] // 4 bytes from 1 before
    [InlineData("06 04 61 62 0e 02 00", "ababab")] // offset of two bytes
    [InlineData("06 04 61 62 0f 02 00 00 00", "ababab")] // of four
    [InlineData("05 00 61 01 02", null)] // from before the beginning
    [InlineData("05 00 61 01 00", null)] // from nowhere
    [InlineData("04 00 61 01 01", null)] // beyond the end
    [InlineData("05 00 61 01 01 00 7a", "aaaaa")] // with something behind it
    [InlineData("06 00 61 01 01", null)] // too short
    [InlineData("05 f0 04 61 62 63 64 65", "abcde")] // the length behind the tag
    [InlineData("05 fc 04 00 00 00 61 62 63 64 65", "abcde")]
    [InlineData("05 fc ff ff ff ff 61", null)]
    [InlineData("05 f0", null)]
    [InlineData("ff ff ff ff ff 01", null)]
    [InlineData("", null)]
    public void Block_ByHand_IsReadOrRefused(string hex, string? expected)
    {
        byte[] block = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        bool isRead = SnappyBlock.TryReadLength(block, out int length, out _) && length < 100;
        byte[] target = new byte[isRead ? length : 0];
        isRead = isRead && SnappyBlock.TryDecompress(block, target, out _);

        Assert.Equal(expected, isRead ? Encoding.ASCII.GetString(target) : null);
    }

    [Fact]
    public void Block_CutOrChangedAnywhere_IsNeverReadBeyondItsEnds()
    {
        byte[] target = new byte[Text.Length];
        for (int i = 0; i < Block.Length; i++)
        {
            SnappyBlock.TryDecompress(Block.AsSpan(0, i), target, out _);
            byte[] changed = [.. Block];
            changed[i] ^= 0x55;
            SnappyBlock.TryDecompress(changed, target, out _);
        }
    }
}
