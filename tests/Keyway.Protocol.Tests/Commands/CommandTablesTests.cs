using Keyway.Protocol.Commands;

namespace Keyway.Protocol.Tests.Commands;

public sealed class CommandTablesTests
{
    private static readonly string[][] ServerRows = [.. CommandTables.ServerTables.SelectMany(CommandTables.Rows)];
    private static readonly string[][] TreatmentRows = [.. CommandTables.Rows(CommandTables.TreatmentTable)];

    [Fact]
    public void Treatment_EveryCommandOfServers_IsThereOnceAndNothingElse()
    {
        Assert.Equal(
            ServerRows.Select(row => row[0]).Order(StringComparer.Ordinal),
            TreatmentRows.Select(row => row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Treatment_EveryRow_HasNineColumns()
    {
        Assert.All(TreatmentRows, row => Assert.Equal(9, row.Length));
    }

    [Fact]
    public void GeneratedTable_Names_AreSorted()
    {
        string[] names = [.. CommandTables.Rows("redis-commands.tsv").Select(row => row[0])];

        Assert.Equal(names.OrderBy(name => name.Replace('|', ' '), StringComparer.Ordinal), names);
        Assert.True(names.Length > 350);
    }

    [Fact]
    public void Treatment_PinnedAndRefused_HaveAFullSentence()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            bool refused = IsRefusal(command.SingleTreatment) || IsRefusal(command.ShardedTreatment);

            Assert.Equal(refused, command.Reason is not null);
            if (command.Reason is { } reason)
            {
                Assert.StartsWith(command.DisplayName + " ", reason);
                Assert.EndsWith(".", reason);
                Assert.Equal($"-ERR {reason}\r\n", System.Text.Encoding.ASCII.GetString(command.Refusal));
            }
        }
    }

    [Fact]
    public void Treatment_ManyServers_HaveAMergeAndOthersNone()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            bool many = command.ShardedTreatment is CommandTreatment.All or CommandTreatment.Split
                || (command.ShardedTreatment is CommandTreatment.Config && command.Repeat is not CommandRepeat.Read);

            Assert.True(many == command.Merge is not CommandMerge.None, command.Name);
            Assert.False(command.SingleTreatment is CommandTreatment.All or CommandTreatment.Split or CommandTreatment.Scan, command.Name);
        }
    }

    [Fact]
    public void Treatment_ByKey_HasKeysAndOthersWithKeysAreRefused()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            bool byKey = command.ShardedTreatment is CommandTreatment.Key or CommandTreatment.Split;
            bool hasKeys = command.KeySpecs.ToArray().Any(spec => spec.IsSearchable);

            Assert.False(byKey && !hasKeys, command.Name);
            Assert.False(hasKeys && !byKey && command.ShardedTreatment is not (CommandTreatment.Block or CommandTreatment.Transaction) && !IsRefusal(command.ShardedTreatment), command.Name);
        }
    }

    [Fact]
    public void Treatment_Split_HasOnePlainRangeOfKeys()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            if (command.ShardedTreatment is CommandTreatment.Split)
            {
                Assert.Equal((1, -1), (command.FirstKey, command.LastKey));
            }
        }
    }

    [Fact]
    public void PlainRange_OfEveryCommand_IsWithinTheArguments()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            Assert.True(command.FirstKey < Math.Abs(command.Arity) && command.LastKey < Math.Abs(command.Arity), command.Name);
            Assert.Equal(command.FirstKey > 0, command.KeyStep > 0);
        }
    }

    [Fact]
    public void Treatment_Blocking_IsPinnedUnlessByOption()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            if ((command.Flags & CommandFlags.Blocking) != CommandFlags.None)
            {
                Assert.True(command.BlockingTime is { IsOptional: true } || command.SingleTreatment is CommandTreatment.Block or CommandTreatment.Wait || IsRefusal(command.SingleTreatment), command.Name);
            }
        }
    }

    [Fact]
    public void Repeat_Writes_AreNeverReads()
    {
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            if ((command.Flags & CommandFlags.Write) != CommandFlags.None)
            {
                Assert.True(command.Repeat is not CommandRepeat.Read, command.Name);
            }

            // Among what goes to servers by its keys, the two agree exactly: only commands that change nothing are repeated freely.
            if (command.SingleTreatment is CommandTreatment.Key)
            {
                Assert.True(command.IsReadOnly == command.Repeat is CommandRepeat.Read, command.Name);
            }
        }
    }

    [Fact]
    public void Flags_OfEveryCommand_AreKnown()
    {
        foreach (string[] row in ServerRows)
        {
            Assert.All(row[2].Split(','), name => Assert.True(name is "-" || CommandFlagNames.Parse(name) is not CommandFlags.None, name));
        }
    }

    private static bool IsRefusal(CommandTreatment treatment) =>
        treatment is CommandTreatment.Pinned or CommandTreatment.Refuse or CommandTreatment.Debug or CommandTreatment.Config;
}
