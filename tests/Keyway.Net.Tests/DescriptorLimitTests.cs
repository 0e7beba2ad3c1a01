using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Keyway.Net.Tests;

[Collection("Environment")]
[SupportedOSPlatform("linux")]
public sealed partial class DescriptorLimitTests
{
    private const int DescriptorCount = 7; // RLIMIT_NOFILE

    public static TheoryData<string> All => Pollers.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Accept_AtDescriptorLimit_NeitherSpinsNorStopsForEver(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs setrlimit");
        using var host = new ReactorHost(poller);
        var accepted = new BlockingCollection<int>();
        var listener = host.Listen(Endpoints.Tcp, socket =>
        {
            socket.Close();
            accepted.Add(1);
        });
        var hold = host.Hold();
        using var peer = new FramePeer(Endpoints.Of(listener));

        // Every number below is taken, so no new descriptor can be had; those that are open stay usable.
        var before = Limit();
        Set(before with { Current = 3 });
        try
        {
            hold.Dispose();
            Assert.Equal(listener.Address, Wait.For(host.Stalls, "stall"));
            Assert.Equal(listener.Address, Wait.For(host.Stalls, "second stall"));
        }
        finally
        {
            Set(before);
        }

        Wait.For(accepted, "client");
        Assert.InRange(host.WakeUps, 1, 50);
    }

    private static ResourceLimit Limit()
    {
        Check(GetLimit(DescriptorCount, out var limit));
        return limit;
    }

    private static void Set(ResourceLimit limit) => Check(SetLimit(DescriptorCount, limit));

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private record struct ResourceLimit(nuint Current, nuint Most);
}
