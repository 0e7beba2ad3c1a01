using System.Text;
using Keyway.IntegrationTests.CommandLine;
using Keyway.WriteBehind.Delivery;
using Keyway.WriteBehind.Journal;

namespace Keyway.IntegrationTests.Relay;

/// <summary><c>keyway journal</c> with what a relay has on disk.</summary>
public sealed class JournalCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-relay-").FullName;

    private string Journal => JournalPlaces.Journal(_directory, "events");

    private string Letters => JournalPlaces.DeadLetters(_directory, "events");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task DeadLetters_AreShown_AndPutBackIntoTheJournal()
    {
        Fill();
        SegmentedJournal.Open(new JournalOptions { Directory = Journal }, TimeProvider.System).Dispose();

        Assert.Contains("events.dead: 3 pending", await Output("journal", "list", _directory), StringComparison.Ordinal);
        Assert.Contains("""Z InvalidArgument: no {"ts":1,"data":{"a":"1"}}""" + "\n", await Output("journal", "show", Letters), StringComparison.Ordinal);
        Assert.Contains("2 put back", await Output("journal", "replay", Letters, "--from", "2"), StringComparison.Ordinal);

        Assert.Contains("events.dead: 1 pending", await Output("journal", "list", _directory), StringComparison.Ordinal);
        string back = await Output("journal", "show", Journal);
        Assert.Contains("""{"ts":1,"data":{"a":"2"}}""", back, StringComparison.Ordinal);
        Assert.Contains("""{"ts":1,"data":{"a":"3"}}""", back, StringComparison.Ordinal);
        Assert.Equal(2, back.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("1 dropped", await Output("journal", "drop", Letters), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_WithoutAJournal_OrWhileItIsInUse_SaysWhatToDo()
    {
        Fill();
        KeywayRun run = await KeywayRun.Run("journal", "replay", Letters);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("to send them say --server", run.Error, StringComparison.Ordinal);

        using SegmentedJournal used = SegmentedJournal.Open(new JournalOptions { Directory = Journal }, TimeProvider.System);
        run = await KeywayRun.Run("journal", "replay", Letters);
        Assert.Contains($"is in use by process {Environment.ProcessId}", run.Error, StringComparison.Ordinal);
        run = await KeywayRun.Run("journal", "replay", Journal);
        Assert.Contains("the next start of Keyway delivers", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("drop")]
    [InlineData("replay", "--server", "127.0.0.1:1")]
    public async Task Directory_ThatIsNoJournal_IsLeftAlone(string action, params string[] options)
    {
        string other = Directory.CreateDirectory(Path.Combine(_directory, "other")).FullName;

        KeywayRun run = await KeywayRun.Run(["journal", action, other, .. options]);

        Assert.Equal(new KeywayRun(1, "", $"keyway: {other} is no journal: it has no segments (*.journal)\n"), run);
        Assert.Empty(Directory.EnumerateFileSystemEntries(other));
    }

    [Fact]
    public async Task DirectoryOfJournals_WhereOneIsAskedFor_NamesThem()
    {
        Fill();

        KeywayRun drop = await KeywayRun.Run("journal", "drop", _directory);
        KeywayRun missing = await KeywayRun.Run("journal", "list", Path.Combine(_directory, "none"));
        KeywayRun number = await KeywayRun.Run("journal", "drop", Letters, "--from", "first");

        Assert.Equal($"keyway: {_directory} is no journal; name one of those in it: {Letters}\n", drop.Error);
        Assert.Equal($"keyway: there is no directory {Path.Combine(_directory, "none")}\n", missing.Error);
        Assert.Equal(2, number.ExitCode);
        Assert.StartsWith("--from takes the number of a record, as 'keyway journal show' prints it.", number.Error);
        Assert.Equal([Letters], Directory.EnumerateFileSystemEntries(_directory));
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("replay", "--server", "127.0.0.1:1")]
    public async Task Journal_OfAnotherUser_IsNotChangedByRoot(string action, params string[] options)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a directory away");
        Fill();
        KeywayRun chown = await KeywayRun.RunShell($"chown -R 65534 {Letters}");
        Assert.Equal(0, chown.ExitCode);
        string[] before = Directory.GetFiles(Letters);

        KeywayRun run = await KeywayRun.Run(["journal", action, Letters, .. options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("belongs to the user with number 65534; change it as that user", run.Error);
        Assert.Equal(before, Directory.GetFiles(Letters));
        Assert.Contains("3 pending", await Output("journal", "list", _directory));
    }

    private void Fill()
    {
        using DeadLetterBox box = DeadLetterBox.Open(Letters, static _ => { }, TimeProvider.System);
        for (int i = 1; i <= 3; i++)
        {
            Assert.True(box.Keep("InvalidArgument: no", [], Encoding.UTF8.GetBytes($$$"""{"ts":1,"data":{"a":"{{{i}}}"}}""" + "\n")));
        }
    }

    private static async Task<string> Output(params string[] arguments) => (await KeywayRun.Run(arguments)).Output;
}
