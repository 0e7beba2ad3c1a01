namespace Keyway.WriteBehind.Journal.Storage;

/// <summary>Tells failures of the disk from defects of ours, and one from another.</summary>
internal static class StorageFailures
{
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT on Linux
    private const int FileTooBig = 27; // EFBIG
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static bool IsStorageFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    internal static JournalFailure Classify(Exception exception) =>
        exception.HResult is NoSpace or OverQuota or FileTooBig or WindowsDiskFull ? JournalFailure.DiskFull : JournalFailure.DiskError;
}
