using Keyway.Net.Native;

namespace Keyway.Net;

/// <summary>How many files and sockets this process may have open at a time (<c>ulimit -n</c>).</summary>
public static class DescriptorLimit
{
    /// <summary>The limit in force, to which .NET has raised the soft one; <see cref="long.MaxValue"/> where none is known.</summary>
    public static long Current =>
        OperatingSystem.IsLinux() && Libc.GetResourceLimit(Libc.OpenFiles, out Libc.ResourceLimit limit) == 0 && limit.Soft < long.MaxValue
            ? (long)limit.Soft
            : long.MaxValue;
}
