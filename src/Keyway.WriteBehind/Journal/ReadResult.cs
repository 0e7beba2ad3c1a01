namespace Keyway.WriteBehind.Journal;

/// <summary>What a reader's step gave.</summary>
public enum ReadResult
{
    /// <summary>The oldest record that was not read yet and is not complete.</summary>
    Record,

    /// <summary>Every record that was kept has been read.</summary>
    CaughtUp,

    /// <summary>The disk failed (told to <see cref="JournalOptions.OnError"/>); the next step tries again.</summary>
    Failed,
}
