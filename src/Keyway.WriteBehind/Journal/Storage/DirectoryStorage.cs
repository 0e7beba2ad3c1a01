using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Keyway.Net.Native;
using Microsoft.Win32.SafeHandles;

namespace Keyway.WriteBehind.Journal.Storage;

/// <summary>A directory on disk.</summary>
internal sealed class DirectoryStorage : IJournalStorage
{
    private const string LockFile = "lock";
    private const string OwnerFile = "owner";

    private readonly string _path;

    /// <summary>Takes a directory that exists.</summary>
    internal DirectoryStorage(string path) => _path = Path.GetFullPath(path);

    /// <summary>Makes the directory where there is none, for this user alone: a journal has the clients' values in it.</summary>
    internal static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <inheritdoc/>
    public IDisposable Lock()
    {
        try
        {
            // FileShare.None takes flock(2) on the open file: it ends with the process, however that ends, and the file may stay.
            SafeFileHandle handle = File.OpenHandle(
                Path.Combine(_path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            SayOwner();
            return handle;
        }
        catch (IOException e) when (StorageFailures.Classify(e) != JournalFailure.DiskFull)
        {
            throw new JournalException($"the journal in {_path} is in use{Owner()}: {e.Message}", e);
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            throw new JournalException($"the journal in {_path} cannot be locked: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(_path).Select(static file => Path.GetFileName(file))];

    /// <inheritdoc/>
    public IJournalFile OpenRead(string name) =>
        new DirectoryFile(File.OpenHandle(Path.Combine(_path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    /// <inheritdoc/>
    public IJournalFile OpenWrite(string name) => new DirectoryFile(
        File.OpenHandle(Path.Combine(_path, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(Path.Combine(_path, name));

    /// <inheritdoc/>
    public void SyncNames()
    {
        // Other systems have no such call, or none that .NET can make; their file systems keep names with the file's own flush.
        if (OperatingSystem.IsLinux())
        {
            SyncDirectory();
        }
    }

    /// <inheritdoc/>
    public long FreeBytes() => new DriveInfo(_path).AvailableFreeSpace;

    [SupportedOSPlatform("linux")]
    private void SyncDirectory()
    {
        int descriptor = Libc.Open(_path, Libc.CloseOnExec);
        if (descriptor < 0)
        {
            throw Failed("open");
        }

        try
        {
            if (Libc.Sync(descriptor) != 0)
            {
                throw Failed("fsync");
            }
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    private IOException Failed(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {_path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>Nobody can read a locked file, so the owner's name stands in another. It is a courtesy, so that no failure of it counts.</summary>
    private void SayOwner()
    {
        try
        {
            File.WriteAllText(Path.Combine(_path, OwnerFile), $"{Environment.ProcessId}\n");
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
        }
    }

    private string Owner()
    {
        try
        {
            return $" by process {File.ReadAllText(Path.Combine(_path, OwnerFile)).Trim()}";
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            return string.Empty;
        }
    }
}
