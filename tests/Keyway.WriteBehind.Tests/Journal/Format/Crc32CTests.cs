using Keyway.WriteBehind.Journal.Format;

namespace Keyway.WriteBehind.Tests.Journal.Format;

public sealed class Crc32CTests
{
    /// <summary>The check value of the CRC catalogue, and the examples of RFC 3720, appendix B.4.</summary>
    [Fact]
    public void Of_KnownInputs_IsAsPublished()
    {
        byte[] rising = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of(rising));
    }

    [Fact]
    public void Of_TwoPieces_IsThatOfTheWhole()
    {
        byte[] whole = [.. Enumerable.Range(0, 50).Select(i => (byte)(i * 7))];
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            Assert.Equal(Crc32C.Of(whole), Crc32C.Of(whole.AsSpan(0, cut), whole.AsSpan(cut)));
        }
    }

    [Fact]
    public void Of_AnotherSalt_Differs() => Assert.NotEqual(Crc32C.Of("a"u8, 1), Crc32C.Of("a"u8, 2));
}
