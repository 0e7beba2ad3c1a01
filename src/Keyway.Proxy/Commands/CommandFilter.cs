using Keyway.Protocol.Commands;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Commands;

/// <summary>
/// The commands that a pool refuses (<c>allow</c>, <c>deny</c>): with <c>allow</c> every other, and those of <c>deny</c> in any case. Immutable and
/// shared by all reactors. A command of the table costs one look at a bit.
/// </summary>
internal sealed class CommandFilter
{
    private const int BitsInWord = 64;

    private readonly IReadOnlyList<string> _allow;
    private readonly IReadOnlyList<string> _deny;
    private readonly bool _sharded;
    private readonly ulong[] _refused; // a bit for each command's id

    private CommandFilter(PoolConfig config)
    {
        _allow = config.Allow;
        _deny = config.Deny;
        _sharded = config.IsSharded;
        _refused = new ulong[(CommandTable.BuiltIn.Count + BitsInWord - 1) / BitsInWord];
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            if (RefusesByRules(command))
            {
                _refused[command.Id / BitsInWord] |= 1UL << (command.Id % BitsInWord);
            }
        }
    }

    /// <summary>The pool's filter, or null if it refuses nothing.</summary>
    public static CommandFilter? Of(PoolConfig config) => config.Allow.Count + config.Deny.Count == 0 ? null : new CommandFilter(config);

    public bool Refuses(CommandInfo command)
    {
        // One that was learnt from a server has no number.
        uint id = (uint)command.Id;
        return id / BitsInWord < _refused.Length
            ? (_refused[id / BitsInWord] & (1UL << (int)(id % BitsInWord))) != 0
            : RefusesByRules(command);
    }

    /// <summary>The error for a command that is refused, without the hyphen before it.</summary>
    public string ErrorFor(CommandInfo command) => IsIn(_deny, command, presetsOnly: true)
        ? RmuxPresets.Refusal
        : $"ERR {command.DisplayName} is not allowed here: the configuration of this pool leaves it out";

    private bool RefusesByRules(CommandInfo command) =>
        IsIn(_deny, command, presetsOnly: false) || (_allow.Count > 0 && !IsNeededToConnect(command) && !IsIn(_allow, command, presetsOnly: false));

    /// <summary>AUTH, HELLO, QUIT and RESET: without them there is no connection for what is allowed.</summary>
    private static bool IsNeededToConnect(CommandInfo command) => (command.Flags & CommandFlags.NoAuth) != CommandFlags.None;

    private bool IsIn(IReadOnlyList<string> rules, CommandInfo command, bool presetsOnly)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            if ((!presetsOnly || RmuxPresets.IsPreset(rules[i])) && CommandRules.Covers(rules[i], command, _sharded))
            {
                return true;
            }
        }

        return false;
    }
}
