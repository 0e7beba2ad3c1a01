namespace Keyway.Protocol.Tests.Hashing;

public sealed class LabelOrderTests
{
    [Fact]
    public void Sort_Labels_ByLengthThenBytes()
    {
        string[] labels = ["server10", "b", "server2", "aa", "B", "server1"];

        Array.Sort(labels, LabelOrder.Instance);

        Assert.Equal(["B", "b", "aa", "server1", "server2", "server10"], labels);
    }

    [Fact]
    public void Sort_NonAscii_CountsBytes()
    {
        string[] labels = ["é", "ab", "zzz", "\U0001F600", "\uFFEE\u0061"];

        Array.Sort(labels, LabelOrder.Instance);

        Assert.Equal(["ab", "é", "zzz", "\uFFEE\u0061", "\U0001F600"], labels);
    }
}
