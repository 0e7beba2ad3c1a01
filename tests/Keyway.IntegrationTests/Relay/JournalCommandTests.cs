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
