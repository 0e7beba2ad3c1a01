using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Smart;

/// <summary>What the clients of a pool in smart mode are told at once, command by command. Immutable, and shared by all reactors.</summary>
internal sealed class EarlyReplies
{
    private readonly byte[]?[] _replies = new byte[]?[CommandTable.BuiltIn.Count];

    /// <param name="config">The pool's rules, all sound.</param>
    internal EarlyReplies(SmartConfig config)
    {
        foreach ((string name, string reply) in EarlyWrites.Defaults)
        {
            Set(name, reply);
        }

        foreach (string text in config.Early)
        {
            _ = EarlyRule.TryParse(text, out EarlyRule rule, out _);
            Set(rule.Command, rule.Reply);
        }
    }

    /// <summary>The reply with its line end; null if the client has to wait for the server's.</summary>
    internal byte[]? Of(CommandInfo command) => command.Id < 0 || command.Id >= _replies.Length ? null : _replies[command.Id];

    private void Set(string name, string? reply)
    {
        CommandInfo command = CommandTable.BuiltIn.Resolve(Encoding.UTF8.GetBytes(name), default)!;
        _replies[command.Id] = reply is null ? null : Encoding.ASCII.GetBytes(reply + "\r\n");
    }
}
