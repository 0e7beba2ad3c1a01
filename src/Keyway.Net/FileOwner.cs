using Keyway.Net.Native;

namespace Keyway.Net;

/// <summary>Whose files are.</summary>
public static class FileOwner
{
    /// <summary>
    /// The user's number if the file or directory is another user's than this process's, else null; null, too, where it cannot be told (it is missing,
    /// or the system is not Linux).
    /// </summary>
    public static uint? OtherThanSelf(string path) =>
        OperatingSystem.IsLinux()
        && Libc.FileStatus(Libc.CurrentDirectory, path, flags: 0, Libc.StatusUser, out Libc.Status status) == 0
        && status.User != Libc.EffectiveUser()
            ? status.User
            : null;
}
