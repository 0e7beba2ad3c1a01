using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Keyway.WriteBehind.Journal;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway journal</c>: what smart mode and relays have on disk, and what becomes of it.</summary>
internal sealed class JournalCommand : Command, IHasExamples
{
    private readonly Argument<string> _directory = new("DIRECTORY") { Description = "A pool's .journal or .dead directory; for list also the journal_dir." };
    private readonly Option<long> _from = RecordNumber("--from", "The first record.", 1);
    private readonly Option<long> _to = RecordNumber("--to", "The last record.", long.MaxValue);
    private readonly Option<string> _server = new("--server") { Description = "Where to send them: a Keyway or a Redis; without it a relay's dead letters go back into its journal.", HelpName = "HOST:PORT" };

    public JournalCommand()
        : base("journal", "List, show, replay or drop what smart mode and relays have on disk.")
    {
        AddAction("list", "How much is in each journal of a directory.", parsed => List(parsed.GetRequiredValue(_directory)));
        AddAction("show", "The pending records, one a line.", parsed => Show(parsed.GetRequiredValue(_directory), parsed.GetValue(_from), parsed.GetValue(_to)), _from, _to);
        AddAction(
            "replay",
            "Send pending records to a server, or put a relay's dead letters back into its journal; what was taken is gone afterwards. Nothing else may use the journal.",
            parsed => Replay(parsed.GetRequiredValue(_directory), parsed.GetValue(_from), parsed.GetValue(_to), parsed.GetValue(_server)),
            _from,
            _to,
            _server);
        AddAction(
            "drop",
            "Give pending records up. Nothing else may use the journal.",
            parsed => Drop(parsed.GetRequiredValue(_directory), parsed.GetValue(_from), parsed.GetValue(_to)),
            _from,
            _to);
    }

    public string Examples => """
          keyway journal list /var/lib/keyway
          keyway journal show /var/lib/keyway/cache.dead
          keyway journal replay /var/lib/keyway/cache.dead --server 127.0.0.1:6380
          keyway journal replay /var/lib/keyway/events.dead
          keyway journal drop /var/lib/keyway/cache.dead --from 17 --to 17
        """;

    private static Option<long> RecordNumber(string name, string description, long unset) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        DefaultValueFactory = _ => unset,
        CustomParser = argument =>
        {
            if (!long.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                argument.AddError($"{name} takes the number of a record, as 'keyway journal show' prints it.");
            }

            return number;
        },
    };

    private void AddAction(string name, string description, Func<ParseResult, ExitCode> run, params ReadOnlySpan<Option> options)
    {
        Command command = new(name, description) { _directory };
        foreach (Option option in options)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            try
            {
                return (int)run(parsed);
            }
            catch (Exception e) when (e is JournalException or IOException or SocketException)
            {
                Terminal.WriteError($"keyway: {e.Message}", ConsoleColor.Red);
                return (int)ExitCode.Failure;
            }
        });
        Add(command);
    }

    private static ExitCode List(string directory)
    {
        string[] journals = JournalDirectory.Within(directory);
        foreach (string journal in journals.Length > 0 ? journals : [JournalDirectory.Existing(directory)])
        {
            JournalInspector inspector = JournalInspector.Open(journal);
            long pending = inspector.Segments.Sum(static segment => segment.Pending);
            long bytes = inspector.Segments.Sum(static segment => segment.Bytes);
            Console.WriteLine($"{journal}: {pending} pending, {bytes} bytes in {inspector.Segments.Count} segments, {inspector.Report.CorruptRanges} damaged stretches");
        }

        return ExitCode.Ok;
    }

    private static ExitCode Show(string directory, long from, long to)
    {
        JournalInspector.Open(JournalDirectory.Existing(directory)).Read(from, (record, isComplete) =>
        {
            if (!isComplete && record.Sequence <= to)
            {
                Console.WriteLine(StoredRecord.Of(record).Describe());
            }

            return record.Sequence < to;
        });
        return ExitCode.Ok;
    }

    private static ExitCode Replay(string directory, long from, long to, string? server) =>
        server is null ? JournalReplay.ToRelay(directory, from, to) : JournalReplay.ToServer(directory, from, to, server);

    private static ExitCode Drop(string directory, long from, long to)
    {
        using SegmentedJournal journal = SegmentedJournal.Open(new JournalOptions { Directory = JournalDirectory.Own(directory) }, TimeProvider.System);
        Console.WriteLine($"{journal.Drop(Math.Max(1, from), Math.Min(to, journal.GetStatus().Next - 1))} dropped");
        return ExitCode.Ok;
    }
}
