using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Keyway.LoadBenchmarks.Memcached;

/// <summary>The system calls that .NET has no method for (Linux).</summary>
internal static unsafe partial class Libc
{
    internal const short PollIn = 0x001;

    private const int Interrupted = 4;

    /// <summary>Binds the calling thread to a CPU.</summary>
    internal static void RunOn(int cpu)
    {
        const int Words = 16; // 1024 CPUs
        var mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        if (SetAffinity(0, Words * sizeof(ulong), mask) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits until a descriptor is ready; false when none is in time.</summary>
    internal static bool Wait(Span<PollDescriptor> descriptors, TimeSpan within)
    {
        fixed (PollDescriptor* first = descriptors)
        {
            int ready;
            do
            {
                ready = Poll(first, (nuint)descriptors.Length, (int)within.TotalMilliseconds);
            }
            while (ready < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return ready > 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Ready;
    }
}
