using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Keyway.Testing;

/// <summary>The few system calls that .NET has no method for.</summary>
internal static partial class Posix
{
    public const int SigHup = 1;
    public const int SigTerm = 15;

    public static int SigStop { get; } = OperatingSystem.IsMacOS() ? 17 : 19;

    public static int SigContinue { get; } = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Signal(int processId, int signal)
    {
        const int NoSuchProcess = 3;
        if (Kill(processId, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess)
        {
            throw new Win32Exception(error);
        }
    }

    /// <summary>CPU time of all threads of a process, exited ones included, in nanoseconds (Linux).</summary>
    public static long CpuNanoseconds(int processId)
    {
        // A process's CPU clock is named by its complemented id: clock_getcpuclockid(3), CPUCLOCK_SCHED.
        const int Sched = 2;
        if (ClockGetTime((~processId << 3) | Sched, out var time) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        return (time.Seconds * 1_000_000_000L) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
