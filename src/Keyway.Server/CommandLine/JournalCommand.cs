using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Delivery;
using Keyway.WriteBehind.Journal;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway journal</c>: what smart mode has on disk, and what becomes of it.</summary>
internal sealed class JournalCommand : Command, IHasExamples
{
    private const int ShownBytes = 200;

    private readonly Argument<string> _directory = new("DIRECTORY") { Description = "A pool's .journal or .dead directory; for list also the journal_dir." };
    private readonly Option<long> _from = new("--from") { Description = "The first record.", HelpName = "NUMBER" };
    private readonly Option<long> _to = new("--to") { Description = "The last record.", HelpName = "NUMBER", DefaultValueFactory = static _ => long.MaxValue };
    private readonly Option<string> _server = new("--server") { Description = "Where to send them: a Keyway or a Redis.", HelpName = "HOST:PORT", Required = true };

    public JournalCommand()
        : base("journal", "List, show, replay or drop what smart mode has on disk.")
    {
        AddAction("list", "How much is in each journal of a directory.", parsed => List(parsed.GetRequiredValue(_directory)));
        AddAction("show", "The pending records, one a line.", parsed => Show(parsed.GetRequiredValue(_directory), parsed.GetValue(_from), parsed.GetValue(_to)), _from, _to);
        AddAction(
            "replay",
            "Send pending records to a server; those that it takes are gone afterwards. Nothing else may use the journal.",
            parsed => Replay(parsed.GetRequiredValue(_directory), parsed.GetValue(_from), parsed.GetValue(_to), parsed.GetRequiredValue(_server)),
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
          keyway journal drop /var/lib/keyway/cache.dead --from 17 --to 17
        """;

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
        string[] journals = [.. Directory.EnumerateDirectories(directory, "*.journal"), .. Directory.EnumerateDirectories(directory, "*.dead")];
        Array.Sort(journals, StringComparer.Ordinal);
        foreach (string journal in journals.Length > 0 ? journals : [directory])
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
        JournalInspector.Open(directory).Read(from, (record, isComplete) =>
        {
            if (!isComplete && record.Sequence <= to)
            {
                Console.WriteLine(Line(record));
            }

            return record.Sequence < to;
        });
        return ExitCode.Ok;
    }

    private static ExitCode Replay(string directory, long from, long to, string server)
    {
        using SegmentedJournal journal = SegmentedJournal.Open(new JournalOptions { Directory = directory }, TimeProvider.System);
        using JournalReader reader = journal.CreateReader();
        using ReplayConnection connection = ReplayConnection.Open(server);
        (int taken, int refused) = (0, 0);
        while (reader.Read(out JournalRecord record) == ReadResult.Record && record.Sequence <= to)
        {
            if (record.Sequence < from)
            {
                continue;
            }

            ReadOnlySpan<byte> header = DeadLetter.TryRead(record, out DeadLetter letter) && IsWrite(letter.Header, record.Payload) ? letter.Header : record.Header;
            _ = WriteHeader.TryRead(header, record.Payload, out WriteHeader write);
            string reply = write.Protocol == PoolProtocol.Memcached ? connection.Send(record.Payload) : connection.Send(write.Database, record.Payload);
            if (write.Protocol == PoolProtocol.Memcached ? !IsMemcachedSuccess(reply) : reply.StartsWith('-'))
            {
                Console.WriteLine($"{record.Sequence}: {reply}");
                refused++;
            }
            else
            {
                journal.Complete(record.Sequence);
                taken++;
            }
        }

        Console.WriteLine($"{taken} taken, {refused} refused");
        return refused == 0 ? ExitCode.Ok : ExitCode.Failure;
    }

    private static ExitCode Drop(string directory, long from, long to)
    {
        using SegmentedJournal journal = SegmentedJournal.Open(new JournalOptions { Directory = directory }, TimeProvider.System);
        Console.WriteLine($"{journal.Drop(Math.Max(1, from), Math.Min(to, journal.GetStatus().Next - 1))} dropped");
        return ExitCode.Ok;
    }

    private static string Line(JournalRecord record)
    {
        bool isLetter = DeadLetter.TryRead(record, out DeadLetter letter) && IsWrite(letter.Header, record.Payload);
        string reason = isLetter ? Encoding.UTF8.GetString(letter.Reason) + " " : "";
        string time = DateTimeOffset.FromUnixTimeMilliseconds(record.Time).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        _ = WriteHeader.TryRead(isLetter ? letter.Header : record.Header, record.Payload, out WriteHeader header);
        return header.Protocol == PoolProtocol.Memcached
            ? $"{record.Sequence} {time} {reason}{Words(record.Payload, isResp: false)}"
            : $"{record.Sequence} {time} {reason}db={header.Database} {Words(record.Payload, isResp: true)}";
    }

    private static bool IsMemcachedSuccess(string reply) => reply is "STORED" or "DELETED" or "TOUCHED";

    private static bool IsWrite(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame) => WriteHeader.TryRead(header, frame, out _);

    /// <summary>The request's beginning, with what is not plain text as dots and line ends as blanks.</summary>
    private static string Words(ReadOnlySpan<byte> frame, bool isResp)
    {
        StringBuilder text = new();
        foreach (string line in Encoding.Latin1.GetString(frame[..Math.Min(frame.Length, ShownBytes)]).Split("\r\n"))
        {
            if (line.Length > 0 && !(isResp && line[0] is ('$' or '*')))
            {
                text.Append(text.Length > 0 ? " " : "");
                foreach (char letter in line)
                {
                    text.Append(letter is >= ' ' and <= '~' ? letter : '.');
                }
            }
        }

        return frame.Length > ShownBytes ? text.Append("...").ToString() : text.ToString();
    }
}
