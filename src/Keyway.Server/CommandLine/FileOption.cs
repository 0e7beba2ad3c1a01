using System.CommandLine;

namespace Keyway.Server.CommandLine;

/// <summary><c>-c FILE</c>.</summary>
internal static class FileOption
{
    public static Option<string> Create(bool required) => new("--config", "-c")
    {
        Description = "The configuration file: Keyway's own, or one of nutcracker, rmux, smart-relayer or golemproxy.",
        HelpName = "FILE",
        Required = required,
    };
}
