using Keyway.Net.Polling;

namespace Keyway.Net.Tests;

/// <summary>The pollers that this system has; every test of sockets runs on each.</summary>
public static class Pollers
{
    public static TheoryData<string> All => OperatingSystem.IsLinux() ? ["epoll", "managed"] : ["managed"];

    internal static Poller Create(string name) => name == "epoll" && OperatingSystem.IsLinux() ? new EpollPoller() : new ManagedPoller();
}
