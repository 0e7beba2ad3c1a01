namespace Keyway.Protocol.Commands;

/// <summary>What <see cref="KeyFinder"/> found. <see cref="KeyStatusText"/> has the errors for clients.</summary>
public enum KeyStatus : byte
{
    /// <summary>One key or more.</summary>
    Found,

    /// <summary>The request has no key: a command without keys, or a script that was given none.</summary>
    NoKeys,

    /// <summary>An argument is missing.</summary>
    WrongNumberOfArguments,

    /// <summary>A word that must be followed by a key is the last argument.</summary>
    SyntaxError,

    /// <summary>The number of keys is no whole number.</summary>
    CountNotAnInteger,

    /// <summary>The number of keys is negative.</summary>
    CountNegative,

    /// <summary>The number of keys is larger than the number of arguments behind it.</summary>
    CountTooLarge,
}
