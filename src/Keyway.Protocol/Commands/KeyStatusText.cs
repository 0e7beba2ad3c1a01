namespace Keyway.Protocol.Commands;

/// <summary>The errors of <see cref="KeyStatus"/> in the words of Redis.</summary>
public static class KeyStatusText
{
    /// <summary>The error reply without its minus sign and line end; empty for <see cref="KeyStatus.Found"/> and <see cref="KeyStatus.NoKeys"/>.</summary>
    public static string Of(KeyStatus status, CommandInfo command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return status switch
        {
            KeyStatus.WrongNumberOfArguments => $"ERR wrong number of arguments for '{command.Name}' command",
            KeyStatus.SyntaxError => "ERR syntax error",
            KeyStatus.CountNotAnInteger => "ERR value is not an integer or out of range",
            KeyStatus.CountNegative => "ERR Number of keys can't be negative",
            KeyStatus.CountTooLarge => "ERR Number of keys can't be greater than number of args",
            _ => "",
        };
    }
}
