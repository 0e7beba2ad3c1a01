using System.Text.Json.Nodes;
using Keyway.Proxy.Commands;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A command, a subcommand, a category or a preset (<see cref="CommandRules"/>), in any case.</summary>
internal sealed class CommandRuleKind : ScalarKind<string>
{
    public override string Describe() => "`command`, `command subcommand`, `@category` or a preset";

    public override string Format(string value) => value;

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override string Remedy(Reading reading) =>
        $"write a command such as get or config|set, a category such as @write, or one of the presets {string.Join(", ", RmuxPresets.Names)}";

    /// <summary>The @ of a category does not hide it, as one in the middle does.</summary>
    protected override string Show(string text) =>
        text.LastIndexOf('@') == 0 ? $" '@{Quoting.Show(text[1..])[1..]}" : base.Show(text);

    protected override string? Parse(string text, Reading reading, out string value)
    {
        value = CommandRules.Normal(text);
        return CommandRules.IsKnown(value) ? null
            : Nearest.To(value, CommandRules.All) is { } near ? $"is unknown, did you mean '{near}'?"
            : "is unknown";
    }
}
