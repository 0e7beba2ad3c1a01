using Keyway.WriteBehind.Journal.Format;

namespace Keyway.WriteBehind.Tests.Journal.Format;

public sealed class SegmentNameTests
{
    [Fact]
    public void TryParse_ItsOwnText_GivesItBack()
    {
        var name = new SegmentName(0x123456789ABCDEF, 0x90ABCDEF);

        Assert.Equal("0123456789abcdef-90abcdef.journal", name.ToString());
        Assert.True(SegmentName.TryParse(name.ToString(), out SegmentName parsed));
        Assert.Equal(name, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("lock")]
    [InlineData("0123456789abcdef-90abcdef.done")]
    [InlineData("0123456789abcdef_90abcdef.journal")]
    [InlineData("0123456789abcdeg-90abcdef.journal")]
    [InlineData("ffffffffffffffff-90abcdef.journal")]
    [InlineData("0000000000000000-90abcdef.journal")]
    [InlineData("00123456789abcdef-90abcdef.journal")]
    public void TryParse_AnotherFile_IsRefused(string file) => Assert.False(SegmentName.TryParse(file, out _));
}
