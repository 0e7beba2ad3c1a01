using System.Runtime.InteropServices;

namespace Keyway.DelayRelay;

/// <summary>The system calls that .NET has no method for.</summary>
internal static unsafe partial class Libc
{
    internal const short PollIn = 0x001;
    internal const short PollOut = 0x004;

    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK

    /// <summary>Lets the calling thread's waits end on time instead of up to 50 us later, the default that saves the kernel some wake-ups.</summary>
    internal static void WakeOnTime() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Waits until a descriptor is ready or the time is over. Negative descriptors are passed over.</summary>
    internal static void Wait(Span<PollDescriptor> descriptors, long nanoseconds)
    {
        var time = new TimeSpec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        fixed (PollDescriptor* first = descriptors)
        {
            // Interrupted by a signal: the caller looks again at everything anyway.
            if (Poll(first, (nuint)descriptors.Length, &time, null) <= 0)
            {
                foreach (ref var descriptor in descriptors)
                {
                    descriptor.Ready = 0;
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Ready;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
