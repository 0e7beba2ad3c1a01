using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class ErrorForwardingTests
{
    private static readonly Dictionary<string, Parts.Merge> Merges = new(StringComparer.Ordinal)
    {
        ["sum"] = SumMerge.TryMerge,
        ["status"] = StatusMerge.TryMerge,
        ["first"] = FirstMerge.TryMerge,
        ["concat"] = ConcatMerge.TryMerge,
        ["and"] = AndMerge.TryMerge,
        ["min"] = MinMerge.TryMerge,
        ["key order"] = (parts, output) => KeyOrderMerge.TryMerge(parts, [0, 1, 2], output),
        ["random key"] = (parts, output) => RandomKeyMerge.TryMerge(parts, new Parts(":1\r\n", ":1\r\n", ":1\r\n"), new Random(1), output),
        ["info"] = (parts, output) => InfoMerge.TryMerge(parts, [], output),
    };

    public static TheoryData<string> Names => [.. Merges.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Merge_SomeErrors_FirstIsTheAnswer(string name)
    {
        var parts = new Parts(":1\r\n", "-OOM no room\r\n", "-ERR other\r\n");

        Assert.Equal("-OOM no room\r\n", parts.Merged(Merges[name]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Merge_BulkError_IsTheAnswer(string name)
    {
        var parts = new Parts("!5\r\nERR x\r\n", ":1\r\n", "+OK\r\n");

        Assert.Equal("!5\r\nERR x\r\n", parts.Merged(Merges[name]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Merge_CutError_Refused(string name) => new Parts("-ERR x\r\n", "+OK\r\n", ":1\r\n").AssertRefusedWhenCut(Merges[name]);
}
