using System.Globalization;
using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Memcached;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Smart;

/// <summary>One change to the commands that are answered early.</summary>
/// <param name="Command">The command, in lower case.</param>
/// <param name="Reply">What its clients are told, without the line end; null if it is no longer answered early.</param>
internal readonly record struct EarlyRule(string Command, string? Reply)
{
    /// <summary>Reads <c>+SETNX=:1</c>, <c>+SET</c> (the command's own reply) or <c>-SADD</c>.</summary>
    /// <param name="text">The rule.</param>
    /// <param name="protocol">Whose commands it names.</param>
    /// <param name="rule">What it says.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence.</param>
    public static bool TryParse(string text, PoolProtocol protocol, out EarlyRule rule, out string problem)
    {
        rule = default;
        problem = "says neither + nor -";
        if (text.Length < 2 || text[0] is not ('+' or '-'))
        {
            return false;
        }

        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = (equals < 0 ? text[1..] : text[1..equals]).Trim().ToLowerInvariant();
        string? reply = equals < 0 ? null : text[(equals + 1)..].Trim();
        problem = text[0] == '-' && reply is not null ? "takes a command away and has a reply"
            : protocol == PoolProtocol.Memcached ? MemcachedProblem(name, ref reply)
            : RedisProblem(name, text[0] == '+', ref reply);
        rule = new EarlyRule(name, text[0] == '+' ? reply : null);
        return problem.Length == 0;
    }

    /// <summary>The commands that are answered early where no rule says otherwise, with their replies.</summary>
    public static IEnumerable<KeyValuePair<string, string>> DefaultsOf(PoolProtocol protocol) => protocol == PoolProtocol.Redis
        ? EarlyWrites.Defaults
        : MemcachedCommandTable.All.Where(static command => command.IsEarly).Select(static command => KeyValuePair.Create(command.Name, command.PlainAnswer!));

    /// <summary>The rule in its plainest form, which <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Reply is null ? $"-{Command}" : $"+{Command}={Reply}";

    private static string RedisProblem(string name, bool isAdded, ref string? reply)
    {
        reply ??= EarlyWrites.Defaults.FirstOrDefault(row => row.Key == name).Value;
        CommandInfo? command = CommandTable.BuiltIn.Resolve(Encoding.UTF8.GetBytes(name), default);
        return command is null ? "names an unknown command"
            : !CanBeEarly(command) ? "names a command that is no plain write"
            : isAdded && !IsReply(reply) ? "lacks the reply"
            : "";
    }

    /// <summary>A command of memcached has one answer that is no surprise to its clients.</summary>
    private static string MemcachedProblem(string name, ref string? reply)
    {
        MemcachedCommand? command = MemcachedCommandTable.Find(Encoding.UTF8.GetBytes(name));
        reply ??= command?.PlainAnswer;
        return command is null ? "names an unknown command"
            : command.PlainAnswer is null ? "names a command that is no plain write"
            : reply != command.PlainAnswer ? $"has another reply than {command.PlainAnswer}"
            : "";
    }

    private static bool CanBeEarly(CommandInfo command) =>
        (command.Flags & CommandFlags.Write) != 0 && (command.Flags & CommandFlags.Blocking) == 0
        && command is { FirstKey: > 0, SingleTreatment: CommandTreatment.Key, ShardedTreatment: CommandTreatment.Key or CommandTreatment.Split };

    /// <summary>A simple string or an integer: what no client has to wait for.</summary>
    private static bool IsReply(string? reply) => reply is { Length: > 1 }
        && (reply[0] == '+' ? reply.AsSpan(1).IndexOfAnyExceptInRange('!', '~') < 0 : reply[0] == ':' && long.TryParse(reply.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
}
