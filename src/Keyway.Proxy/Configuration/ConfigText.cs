namespace Keyway.Proxy.Configuration;

/// <summary>The texts of configuration files; that one cannot be read is a problem like any other.</summary>
internal static class ConfigText
{
    /// <summary>Largest file that is read; a real one has a few kilobytes.</summary>
    private const long MaxFileBytes = 4L << 20;

    /// <summary>The text of the file, or null after reporting why there is none.</summary>
    public static string? Load(string path, Reading reading)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes })
            {
                reading.Error(0, 0, "is larger than 4mb", "name a configuration file");
                return null;
            }

            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reading.Error(0, 0, $"cannot be read ({Reason(e)})", "name a file that exists and that this user may read");
            return null;
        }
    }

    /// <summary>As <see cref="Load"/>, with a reading of the file's own.</summary>
    public static (string Text, Reading Reading)? Open(string path, out Reading reading)
    {
        reading = new Reading(path, ConfigSurroundings.Machine);
        return Load(path, reading) is { } text ? (text, reading) : null;
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        _ => "input error",
    };
}
