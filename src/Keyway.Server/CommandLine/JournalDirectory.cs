using Keyway.Net;

namespace Keyway.Server.CommandLine;

/// <summary>The directories that <c>keyway journal</c> is given: nothing is made of one that is no journal.</summary>
internal static class JournalDirectory
{
    private const string Journals = "*.journal";
    private const string DeadLetters = "*.dead";

    /// <summary>The journals and dead letters of a <c>journal_dir</c>, by name.</summary>
    public static string[] Within(string directory) => !Directory.Exists(directory) ? [] :
        [.. Directory.EnumerateDirectories(directory, Journals).Concat(Directory.EnumerateDirectories(directory, DeadLetters)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The directory itself, if it is a journal and this user's. Another one's is not changed, though root could: new files in it would be root's, and
    /// the Keyway that it belongs to could not start any more.
    /// </summary>
    /// <exception cref="IOException">It is none, or another user's.</exception>
    public static string Own(string directory)
    {
        string existing = Existing(directory);
        return FileOwner.OtherThanSelf(existing) is { } owner
            ? throw new IOException($"{directory} belongs to the user with number {owner}; change it as that user, such as with: sudo -u '#{owner}' keyway journal ...")
            : existing;
    }

    /// <summary>The directory itself, if it is a journal.</summary>
    /// <exception cref="IOException">It is none.</exception>
    public static string Existing(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new IOException($"there is no directory {directory}");
        }

        // A journal has at least the segment that is written to.
        if (Directory.EnumerateFiles(directory, Journals).Any())
        {
            return directory;
        }

        string[] within = Within(directory);
        throw new IOException(within.Length == 0
            ? $"{directory} is no journal: it has no segments ({Journals})"
            : $"{directory} is no journal; name one of those in it: {string.Join(", ", within)}");
    }
}
