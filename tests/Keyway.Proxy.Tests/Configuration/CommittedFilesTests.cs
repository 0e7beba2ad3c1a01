using System.Text.RegularExpressions;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Configuration.Keys;

namespace Keyway.Proxy.Tests.Configuration;

/// <summary>The samples, the schema and the documentation are held to the table of keys.</summary>
public sealed partial class CommittedFilesTests
{
    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Path.Combine(Files.Repository(), "samples"), "*.yml").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_OfTheRepository_Loads(string name)
    {
        ConfigResult result = Files.Read(File.ReadAllText(Path.Combine(Files.Repository(), "samples", name)));

        Assert.Empty(result.Problems);
        Assert.Empty(result.Warnings);
        Assert.NotEmpty(result.Config!.Pools);
    }

    [Fact]
    public void Schema_Committed_IsWhatTheTableMakes() =>
        Assert.Equal(ConfigSchema.Text(), File.ReadAllText(Path.Combine(Files.Repository(), "docs/keyway.schema.json")));

    [Fact]
    public void Documentation_HasEveryKeyAndNoOther()
    {
        string[] rows = [.. File.ReadAllLines(Path.Combine(Files.Repository(), "docs/configuration.md")).Where(l => KeyRow().IsMatch(l))];

        string[] expected =
        [
            .. Rows(RootKeys.Section, RootKeys.Defaults),
            .. Rows(RootKeys.Log, RootKeys.Defaults.Log),
            .. Rows(PoolKeys.Section, PoolKeys.Defaults),
            .. Rows(LimitsKeys.Section, PoolKeys.Defaults.Limits),
            .. PoolKeys.Section.Keys.Where(k => k.Shapes.HasFlag(ConfigShape.Nutcracker)).Select(NutcrackerRow),
        ];
        Assert.Equal(string.Join('\n', expected), string.Join('\n', rows));
    }

    private static IEnumerable<string> Rows<T>(Section<T> section, T defaults) => section.Keys
        .Where(k => k.Shapes.HasFlag(ConfigShape.Keyway))
        .Select(k => $"| `{k.Name}` | {k.Describe()} | {Code(k.Default(defaults))} | {k.Description} |");

    private static string NutcrackerRow(ConfigKey<PoolConfig> key) =>
        $"| `{key.Name}` | {Code(key.Default(PoolKeys.NutcrackerDefaults))} |";

    private static string Code(string value) => value is "required" or "see below" ? value : $"`{value}`";

    [GeneratedRegex(@"^\| `\w+` \|")]
    private static partial Regex KeyRow();
}
