namespace Keyway.Protocol.Commands;

/// <summary>How a command is treated that the tables lack (a module's, or a newer server's): by what its server says of it.</summary>
internal static class LearntTreatment
{
    /// <summary>The treatment that follows from flags and keys. What cannot be known to be safe is refused, with the reason.</summary>
    public static CommandTreatmentRow Of(ServerCommand command, bool isContainer)
    {
        string name = command.Name.Replace('|', ' ').ToUpperInvariant();
        if (isContainer)
        {
            return new CommandTreatmentRow(CommandTreatment.Local, CommandTreatment.Local);
        }

        if (Has(command, CommandFlags.Blocking) && HasFindableKeys(command))
        {
            return new CommandTreatmentRow(CommandTreatment.Block, CommandTreatment.Block);
        }

        if (Has(command, CommandFlags.Blocking) || Has(command, CommandFlags.PubSub))
        {
            return Refused(CommandTreatment.Pinned, $"{name} may need its connection for long, and server connections are shared; use a direct connection.");
        }

        if (Has(command, CommandFlags.Admin) || Has(command, CommandFlags.NoMulti))
        {
            return Refused(CommandTreatment.Refuse, $"{name} administers the server; use a direct connection.");
        }

        CommandRepeat repeat = Has(command, CommandFlags.ReadOnly) ? CommandRepeat.Read : CommandRepeat.No;
        if (HasFindableKeys(command))
        {
            return new CommandTreatmentRow(CommandTreatment.Key, CommandTreatment.Key) { Repeat = repeat };
        }

        string why = Has(command, CommandFlags.MovableKeys)
            ? $"{name} does not say where its keys are, so that a pool of several servers cannot find the right one."
            : $"{name} has no key, so that a pool of several servers cannot tell for which of them it is meant.";
        return new CommandTreatmentRow(CommandTreatment.Any, CommandTreatment.Refuse) { Repeat = repeat, Reason = why };
    }

    private static bool Has(ServerCommand command, CommandFlags flag) => (command.Flags & flag) == flag;

    /// <summary>True if the specifications find all keys: one that is unknown or incomplete leaves keys that could be anywhere.</summary>
    private static bool HasFindableKeys(ServerCommand command)
    {
        KeySpec[] specs = command.SpecsOrRange;
        foreach (KeySpec spec in specs)
        {
            if (!spec.IsSearchable || (spec.Flags & KeySpecFlags.Incomplete) != KeySpecFlags.None)
            {
                return false;
            }
        }

        return specs.Length > 0;
    }

    private static CommandTreatmentRow Refused(CommandTreatment treatment, string reason) => new(treatment, treatment) { Reason = reason };
}
