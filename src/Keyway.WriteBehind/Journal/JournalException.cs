namespace Keyway.WriteBehind.Journal;

/// <summary>A journal that cannot be used at all: locked by another process, written by a newer program, or damaged.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Says what is wrong, for the operator.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, for the operator, and what caused it.</summary>
    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
