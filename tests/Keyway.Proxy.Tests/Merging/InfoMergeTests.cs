using System.Text;
using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class InfoMergeTests
{
    private const string One =
        "# Server\r\nredis_version:7.2.4\r\nos:Linux:x\r\n\r\n" +
        "# Clients\r\nconnected_clients:3\r\n\r\n" +
        "# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nused_memory_peak_perc:80.00%\r\nmem_fragmentation_ratio:1.5\r\n\r\n" +
        "# Modules\r\nmodule:name=a\r\nmodule:name=b\r\n\r\n" +
        "# CPU\r\nused_cpu_sys:1.25\r\n\r\n" +
        "# Keyspace\r\ndb0:keys=10,expires=2,avg_ttl=100\r\n";

    private const string Two =
        "# Server\r\nredis_version:7.0.0\r\nonly_here:1\r\n\r\n" +
        "# Clients\r\nconnected_clients:4\r\n\r\n" +
        "# Memory\r\nused_memory:524288\r\nused_memory_human:512.00K\r\n\r\n" +
        "# Modules\r\nmodule:name=a\r\n\r\n" +
        "# CPU\r\nused_cpu_sys:0.5\r\n\r\n" +
        "# Keyspace\r\ndb0:keys=5,expires=6,avg_ttl=500\r\ndb3:keys=1,expires=0,avg_ttl=0\r\n";

    private const string Merged =
        "# Server\r\nredis_version:7.2.4\r\nos:Linux:x\r\n\r\n" +
        "# Clients\r\nconnected_clients:7\r\n\r\n" +
        "# Memory\r\nused_memory:1572864\r\nused_memory_human:1.50M\r\n\r\n" +
        "# Modules\r\nmodule:name=a\r\nmodule:name=b\r\n\r\n" +
        "# CPU\r\nused_cpu_sys:1.75\r\n\r\n" +
        "# Keyspace\r\ndb0:keys=15,expires=8,avg_ttl=400\r\ndb3:keys=1,expires=0,avg_ttl=0\r\n";

    private static readonly Parts.Merge Plain = (parts, output) => InfoMerge.TryMerge(parts, [], output);

    [Fact]
    public void TryMerge_Bulks_OneServersText() => Assert.Equal(Bulk(Merged), new Parts(Bulk(One), Bulk(Two)).Merged(Plain));

    [Fact]
    public void TryMerge_OnePart_StaysAsItIs() => Assert.Equal(Bulk(One), new Parts(Bulk(One)).Merged(Plain));

    [Fact]
    public void TryMerge_Verbatim_StaysVerbatim() => Assert.Equal(Verbatim(Merged), new Parts(Verbatim(One), Verbatim(Two)).Merged(Plain));

    [Fact]
    public void TryMerge_OwnSection_Appended()
    {
        const string own = "# Keyway\r\nservers:2\r\n";

        Assert.Equal(
            Bulk(Merged + "\r\n" + own),
            new Parts(Bulk(One), Bulk(Two)).Merged((parts, output) => InfoMerge.TryMerge(parts, Encoding.ASCII.GetBytes(own), output)));
    }

    [Fact]
    public void TryMerge_OwnSectionAlone_NoEmptyLineBefore() => Assert.Equal(
        Bulk("# Keyway\r\n"),
        new Parts(Bulk(""), Bulk("")).Merged((parts, output) => InfoMerge.TryMerge(parts, "# Keyway\r\n"u8, output)));

    [Fact]
    public void TryMerge_BytesOfNoAscii_Kept() => Assert.Equal(Bulk("config_file:\u00C3\u00A9\u00FF\r\n"), new Parts(Bulk("config_file:\u00C3\u00A9\u00FF\r\n")).Merged(Plain));

    [Fact]
    public void TryMerge_SectionsWithoutFields_Kept() =>
        Assert.Equal(Bulk("# Keyspace\r\ndb0:keys=1\r\n"), new Parts(Bulk("# Keyspace\r\n"), Bulk("# Keyspace\r\ndb0:keys=1\r\n")).Merged(Plain));

    [Theory]
    [InlineData(":1\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("_\r\n")]
    [InlineData("*0\r\n")]
    [InlineData("=3\r\ntxt\r\n")]
    [InlineData("%0\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong) => Assert.Null(new Parts(Bulk(One), wrong).Merged(Plain));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts(Bulk("# A\r\na:1\r\n"), Verbatim("# A\r\na:1\r\n")).AssertRefusedWhenCut(Plain);

    private static string Bulk(string text) => $"${text.Length}\r\n{text}\r\n";

    private static string Verbatim(string text) => $"={text.Length + 4}\r\ntxt:{text}\r\n";
}
