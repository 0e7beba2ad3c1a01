using System.Text;
using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Commands;

/// <summary>Renders docs/commands.md: what is not supported as plainly as what is.</summary>
/// <param name="table">The commands.</param>
internal sealed class CommandsMarkdown(CommandTable table)
{
    private readonly CommandInfo[] _commands = [.. table.All.ToArray().Where(command => !IsMereContainer(command))];
    private readonly StringBuilder _text = new();

    /// <summary>The page.</summary>
    public string Render()
    {
        _text.Append("""
            # Commands

            What Keyway does with each Redis command. This page is made from the command table (`src/Keyway.Protocol/Commands/`); a test holds
            that it is current. `keyway commands NAME` tells the same of one command.

            A pool with one server passes nearly everything on. A pool with several servers answers as one big server would, as far as that can
            be done without a wrong or a surprising reply; where it cannot, the reply is an error with the reason.

            A command that is in none of these lists, such as a module's, is treated by what its server says of it (`COMMAND INFO`): one
            with keys goes to the server of its keys, one that blocks or administers the server is refused, and so is one without keys on a
            pool with several servers.


            """.ReplaceLineEndings("\n"));
        NotSupported();
        Supported();
        Repeats();
        Early();
        Values();
        return _text.ToString();
    }

    /// <summary>A container does nothing of its own: its subcommands are listed instead.</summary>
    private static bool IsMereContainer(CommandInfo command) => command is { IsContainer: true, SingleTreatment: CommandTreatment.Local };

    private static bool IsRefused(CommandTreatment treatment) => treatment is CommandTreatment.Pinned or CommandTreatment.Refuse;

    private static string Names(IEnumerable<CommandInfo> commands) => string.Join(", ", commands.Select(command => command.DisplayName));

    private static string Exceptions(CommandInfo command) => string.Join(", ", command.NotRepeatedWith);

    private void NotSupported()
    {
        Heading("Not supported");
        Reasons(_commands.Where(command => IsRefused(command.SingleTreatment)));
        Heading("Not supported unless the pool allows it");
        Paragraph("By the pool's key `config`: `refuse` allows none of them, `get` (the default) CONFIG GET, `all` all of them. On a pool with several "
            + "servers CONFIG GET asks the first that is up, the others go to all.");
        Reasons(_commands.Where(command => command.SingleTreatment == CommandTreatment.Config));
        Heading("Not supported unless the pool has `debug: true` and one server");
        Reasons(_commands.Where(command => command.SingleTreatment == CommandTreatment.Debug));
        Heading("Not supported on a pool with several servers");
        Reasons(_commands.Where(command => IsRefused(command.ShardedTreatment) && !IsRefused(command.SingleTreatment)));
    }

    private void Supported()
    {
        Heading("By key");
        Paragraph("They go to the server of their keys. When the keys of one request are on different servers, the reply is an error that names "
            + "them; a hash tag keeps keys together. A script without keys goes to the first server that is up, and sees the data of that server "
            + "only. What `SORT` reads by the patterns after `BY` and `GET` is read on the server of the sorted key.");
        Paragraph(Names(Treated(CommandTreatment.Key)));
        Heading("Split over the servers");
        Paragraph("Each server gets the part with its keys. Not atomic over servers: when one part fails, the reply is its error, and what the "
            + "other parts did stays.");
        Merges(CommandTreatment.Split);
        Heading("Passed to all servers");
        Paragraph("When one server answers with an error, that error is the reply.");
        Merges(CommandTreatment.All);
        Heading("Passed through the servers one after the other");
        Paragraph(Names(Treated(CommandTreatment.Scan)));
        Heading("By channel");
        Paragraph("A channel has its server, as a key has.");
        Paragraph(Names(Treated(CommandTreatment.Channel)));
        Heading("Subscriptions");
        Paragraph("Keyway subscribes at the channel's server, once for all its clients, and gives each its messages.");
        Paragraph(Names(Treated(CommandTreatment.Subscribe)));
        Heading("Passed to one server");
        Paragraph("To the first that is up: every server gives the same answer, or one that stands for all.");
        Paragraph(Names(Treated(CommandTreatment.Any)));
        Heading("Answered by Keyway");
        Paragraph("They concern the client's own connection, which ends in Keyway, the other clients of the pool, or (PUBSUB) what they have subscribed to. To its clients Keyway is one server: "
            + "it answers the commands of a cluster as a server does that is in none, and with `topology: cluster` as its only node ([cluster.md](cluster.md)). Between MULTI and EXEC they are queued, and done at EXEC.");
        Paragraph(Names(Treated(CommandTreatment.Local)));
        Paragraph("These every server would answer alike; between MULTI and EXEC the server does:");
        Paragraph(Names(Treated(CommandTreatment.Stateless)));
        Heading("Transactions");
        Paragraph("What comes between MULTI and EXEC is checked and queued, and goes to its server as one block. WATCH holds a pinned connection until the "
            + "transaction ends. On a pool with several servers all keys of a transaction must be on one of them. See [redis.md](redis.md).");
        Paragraph(Names(Treated(CommandTreatment.Transaction)));
        Heading("Pinned while they wait");
        Paragraph("They go to the server of their keys over a connection that is the client's alone until the reply is here. Between MULTI and EXEC they "
            + "do not wait.");
        Paragraph(Names(Treated(CommandTreatment.Block)) + "; XREAD and XREADGROUP with BLOCK");
        Heading("On a pool with one server only");
        Paragraph("These change the connection that they are sent on: from then on the client has a server connection for itself, until it ends or sends "
            + "RESET.");
        Paragraph(Names(_commands.Where(command => command.SingleTreatment == CommandTreatment.Dedicated)));
        Paragraph("These count the replicas that have the writes of their client: they are sent behind everything that it asked before.");
        Paragraph(Names(_commands.Where(command => command.SingleTreatment == CommandTreatment.Wait)));
    }

    private void Repeats()
    {
        Heading("Safe to repeat");
        Paragraph("Whether a request may be sent again when its connection is lost before the reply comes. Reads are safe: they change nothing. Of "
            + "these writes, two leave the same data as one, though a count in the second reply can be less. All other commands are not safe.");
        Row("Command", "Twice is as good as once");
        Row("---", "---");
        CommandInfo[] idempotent = [.. _commands.Where(command => command.Repeat == CommandRepeat.Idempotent)];
        foreach (IGrouping<string, CommandInfo> group in idempotent.GroupBy(Exceptions, StringComparer.Ordinal))
        {
            Row(Names(group), group.Key.Length == 0 ? "yes" : $"but not with {group.Key}");
        }
    }

    private void Early()
    {
        _text.Append('\n');
        Heading("Answered early in smart mode");
        Paragraph("Their clients have this answer at once in pools with `mode: smart`, if nothing about the request's form could be refused, and nothing in it asks for another "
            + "answer. `early` changes the list; see [smart-mode.md](smart-mode.md).");
        Row("Command", "Answer");
        Row("---", "---");
        foreach (IGrouping<string, string> group in EarlyWrites.Defaults.GroupBy(static row => row.Value, static row => row.Key, StringComparer.Ordinal))
        {
            Row(string.Join(", ", group.Select(static name => name.ToUpperInvariant())), $"`{group.Key}`");
        }
    }

    private void Values()
    {
        _text.Append('\n');
        Heading("Compressed and decompressed");
        Paragraph("In pools with `compress` these have the values of strings and hashes compressed in their requests, or decompressed in their replies; see "
            + "[compression.md](compression.md).");
        Row("Where", "Commands");
        Row("---", "---");
        Row("requests", Names(_commands.Where(static command => !command.ValueArguments.IsNone)));
        Row("replies", Names(_commands.Where(static command => command.RepliesValues)));
    }

    private IEnumerable<CommandInfo> Treated(CommandTreatment treatment) => _commands.Where(command => command.ShardedTreatment == treatment);

    private void Heading(string title) => _text.Append("## ").Append(title).Append("\n\n");

    private void Paragraph(string text) => _text.Append(text).Append("\n\n");

    private void Row(string left, string right) => _text.Append("| ").Append(left).Append(" | ").Append(right).Append(" |\n");

    /// <summary>Commands with the same reason share a line. A reason starts with the command's name, which stands in the first column.</summary>
    private void Reasons(IEnumerable<CommandInfo> commands)
    {
        Row("Command", "Why");
        Row("---", "---");
        foreach (IGrouping<string, CommandInfo> group in commands.GroupBy(command => command.Reason![command.DisplayName.Length..].Trim(), StringComparer.Ordinal))
        {
            Row(Names(group), group.Key);
        }

        _text.Append('\n');
    }

    private void Merges(CommandTreatment treatment)
    {
        Row("Command", "Replies");
        Row("---", "---");
        foreach (IGrouping<CommandMerge, CommandInfo> group in Treated(treatment).GroupBy(command => command.Merge))
        {
            Row(Names(group), TreatmentText.Long(group.Key));
        }

        _text.Append('\n');
    }
}
