namespace Keyway.Protocol.Commands;

/// <summary>A line of treatment.tsv, which explains its columns.</summary>
internal sealed record CommandTreatmentRow(CommandTreatment Single, CommandTreatment Sharded)
{
    /// <summary>How replies of several servers become one.</summary>
    public CommandMerge Merge { get; init; }

    /// <summary>Whether it may be sent again.</summary>
    public CommandRepeat Repeat { get; init; }

    /// <summary>Words that forbid sending it again.</summary>
    public string[] Unless { get; init; } = [];

    /// <summary>How long it may wait.</summary>
    public BlockingTime? Blocking { get; init; }

    /// <summary>Key specifications in place of the server's; null to take those.</summary>
    public KeySpec[]? Keys { get; init; }

    /// <summary>Why it is pinned or refused.</summary>
    public string? Reason { get; init; }
}
