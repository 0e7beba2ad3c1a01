using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Memcached;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Smart;

/// <summary>What the clients of a pool in smart mode are told at once, command by command. Immutable, and shared by all reactors.</summary>
internal sealed class EarlyReplies
{
    private readonly byte[]?[] _replies = new byte[]?[CommandTable.BuiltIn.Count];
    private readonly (MemcachedCommand Command, byte[] Reply)[] _textReplies = []; // of a memcached pool, which has few

    /// <param name="config">The pool's rules, all sound.</param>
    /// <param name="protocol">The pool's.</param>
    internal EarlyReplies(SmartConfig config, PoolProtocol protocol)
    {
        Dictionary<string, string> replies = new(EarlyRule.DefaultsOf(protocol), StringComparer.Ordinal);
        foreach (string text in config.Early)
        {
            _ = EarlyRule.TryParse(text, protocol, out EarlyRule rule, out _);
            if (rule.Reply is null)
            {
                replies.Remove(rule.Command);
            }
            else
            {
                replies[rule.Command] = rule.Reply;
            }
        }

        if (protocol == PoolProtocol.Memcached)
        {
            _textReplies = [.. replies.Select(static row => (MemcachedCommandTable.Find(Encoding.ASCII.GetBytes(row.Key))!, Line(row.Value)))];
            return;
        }

        foreach ((string name, string reply) in replies)
        {
            _replies[CommandTable.BuiltIn.Resolve(Encoding.UTF8.GetBytes(name), default)!.Id] = Line(reply);
        }
    }

    /// <summary>The reply with its line end; null if the client has to wait for the server's.</summary>
    internal byte[]? Of(CommandInfo command) => command.Id < 0 || command.Id >= _replies.Length ? null : _replies[command.Id];

    /// <summary>As the other, for a memcached pool.</summary>
    internal byte[]? Of(MemcachedCommand command)
    {
        foreach ((MemcachedCommand known, byte[] reply) in _textReplies)
        {
            if (ReferenceEquals(known, command))
            {
                return reply;
            }
        }

        return null;
    }

    private static byte[] Line(string reply) => Encoding.ASCII.GetBytes(reply + "\r\n");
}
