namespace Keyway.WriteBehind.Tests.Architecture;

/// <summary>The journal is a room of its own: what it is used for is not its business.</summary>
public sealed class JournalRoomTests
{
    [Fact]
    public void Journal_KnowsNothingOfTheProxy()
    {
        string journal = Path.Combine(Repository(), "src", "Keyway.WriteBehind", "Journal");
        string[] files = Directory.GetFiles(journal, "*.cs", SearchOption.AllDirectories);

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => File.ReadAllText(file) is var text
            && (text.Contains("Keyway.Proxy", StringComparison.Ordinal) || text.Contains("Keyway.Protocol", StringComparison.Ordinal)));
    }

    private static string Repository()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Keyway.slnx")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new DirectoryNotFoundException("Keyway.slnx is nowhere above the tests.");
    }
}
