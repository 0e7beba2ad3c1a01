using System.Diagnostics;
using System.Globalization;

namespace Keyway.IntegrationTests.Smart;

/// <summary>A file system in memory of its own, which can be filled to the last byte. It takes root to mount one.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private readonly string _directory;

    private SmallFileSystem(string directory) => _directory = directory;

    /// <summary>A directory on it.</summary>
    public string Path => _directory;

    private string Ballast => System.IO.Path.Combine(_directory, "ballast");

    /// <summary>Null where none can be mounted.</summary>
    public static SmallFileSystem? TryMount(int megabytes)
    {
        string directory = Directory.CreateTempSubdirectory("keyway-full-").FullName;
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "none", directory))
        {
            return new SmallFileSystem(directory);
        }

        Directory.Delete(directory);
        return null;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        byte[] block = new byte[4096];
        try
        {
            using FileStream file = new(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // That is what was wanted.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        // Lazily: a process that was killed a moment ago can still have a file open.
        Run("umount", "-l", _directory);
        Directory.Delete(_directory);
    }

    private static bool Run(params string[] command)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
