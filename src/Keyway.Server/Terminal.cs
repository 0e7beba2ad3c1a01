namespace Keyway.Server;

/// <summary>Standard error for people: coloured on a terminal, plain elsewhere and where <c>NO_COLOR</c> is set.</summary>
internal static class Terminal
{
    private static readonly bool HasColours =
        !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>What comes of writing to an output that is full, gone, or was closed by who started this process.</summary>
    public static bool IsOutputFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    public static void WriteError(string line, ConsoleColor colour)
    {
        if (HasColours)
        {
            Console.ForegroundColor = colour;
        }

        Console.Error.WriteLine(line);
        if (HasColours)
        {
            Console.ResetColor();
        }
    }
}
