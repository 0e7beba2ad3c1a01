using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Commands;

/// <summary>
/// What a pool's <c>allow</c> and <c>deny</c> are made of: a command (<c>get</c>, or <c>config</c> with all its subcommands), a subcommand
/// (<c>config|set</c>), a category of the servers' access control lists (<c>@write</c>, <c>@all</c>) or a preset (<c>rmux</c>). A name with a
/// point may be any module's command.
/// </summary>
internal static class CommandRules
{
    private const string EveryCommand = "@all";

    /// <summary>Every rule but the modules' commands.</summary>
    public static IEnumerable<string> All =>
    [
        .. CommandTable.BuiltIn.All.ToArray().Select(static command => command.Name),
        EveryCommand,
        .. CommandCategoryNames.All.Select(static name => $"@{name}"),
        .. RmuxPresets.Names,
    ];

    /// <summary>The rule as <see cref="Covers"/> takes it: in small letters, a subcommand behind '|'.</summary>
    public static string Normal(string text) => text.ToLowerInvariant().Replace(' ', '|');

    /// <summary>True if there is such a command, category or preset, or can be such a command of a module.</summary>
    public static bool IsKnown(string rule) => rule.Contains('.', StringComparison.Ordinal) || All.Contains(rule, StringComparer.Ordinal);

    /// <summary>True if the rule speaks of the command.</summary>
    /// <param name="rule">A rule that is known.</param>
    /// <param name="command">The command, or one of a command's subcommands.</param>
    /// <param name="sharded">True in a pool of several servers.</param>
    public static bool Covers(string rule, CommandInfo command, bool sharded)
    {
        if (rule.StartsWith('@'))
        {
            return rule is EveryCommand || (command.Categories & CommandCategoryNames.Parse(rule[1..])) != CommandCategories.None;
        }

        return RmuxPresets.IsPreset(rule) ? RmuxPresets.Covers(rule, command, sharded) : IsOf(command, rule);
    }

    /// <summary>True for the command of that name, and for its subcommands.</summary>
    public static bool IsOf(CommandInfo command, string name) =>
        command.Name.StartsWith(name, StringComparison.Ordinal) && (command.Name.Length == name.Length || command.Name[name.Length] == '|');
}
