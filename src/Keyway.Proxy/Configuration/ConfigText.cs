namespace Keyway.Proxy.Configuration;

/// <summary>The texts of configuration files; that one cannot be read is a problem like any other.</summary>
internal static class ConfigText
{
    /// <summary>Largest file that is read; a real one has a few kilobytes.</summary>
    private const int MaxLength = 4 << 20;

    /// <summary>The text of the file, or null after reporting why there is none.</summary>
    public static string? Load(string path, Reading reading)
    {
        try
        {
            using var reader = new StreamReader(path);
            char[] buffer = new char[MaxLength + 1];
            int length = reader.ReadBlock(buffer);
            if (length > MaxLength)
            {
                reading.Error(0, 0, "is larger than 4mb", "name a configuration file");
                return null;
            }

            return Checked(new string(buffer, 0, length), reading);
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

    /// <summary>
    /// The text, or null after reporting what is no text: the reader gives U+FFFD for bytes that are not UTF-8, which would change a password
    /// without a word, and behind a zero byte YAML's parser sees nothing.
    /// </summary>
    private static string? Checked(string text, Reading reading)
    {
        int at = text.AsSpan().IndexOfAny('\0', '\ufffd');
        if (at < 0)
        {
            return text;
        }

        ReadOnlySpan<char> before = text.AsSpan(0, at);
        string what = text[at] == '\0' ? "here is a zero byte" : "here is a character that is not UTF-8";
        reading.Error(before.Count('\n') + 1, at - before.LastIndexOf('\n'), what, "save the file as text in UTF-8");
        return null;
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        _ => "input error",
    };
}
