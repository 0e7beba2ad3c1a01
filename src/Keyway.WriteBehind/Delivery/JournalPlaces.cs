namespace Keyway.WriteBehind.Delivery;

/// <summary>Where the pools' journals are.</summary>
public static class JournalPlaces
{
    /// <summary>The directory of a pool's journal in <c>journal_dir</c>.</summary>
    public static string Journal(string directory, string pool) => Path.Combine(directory, Uri.EscapeDataString(pool) + ".journal");

    /// <summary>The directory of a pool's dead letters in <c>journal_dir</c>.</summary>
    public static string DeadLetters(string directory, string pool) => Path.Combine(directory, Uri.EscapeDataString(pool) + ".dead");
}
