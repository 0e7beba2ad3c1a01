using System.Net;

namespace Keyway.Net.Polling;

/// <summary>
/// Waits for sockets to become ready, and makes sockets of the kind that it can wait for. One for each reactor,
/// used by its thread; only <see cref="Wake"/> is for other threads. Level-triggered.
/// </summary>
/// <remarks>
/// The calls through this class and <see cref="NetSocket"/> are virtual: a nanosecond beside a system call of one to
/// ten microseconds, and the JIT guards and inlines them since a process uses one kind only.
/// </remarks>
public abstract class Poller : IDisposable
{
    /// <summary>The environment variable that chooses a poller; <c>managed</c> takes the portable one on Linux too.</summary>
    public const string EnvironmentVariable = "KEYWAY_POLLER";

    /// <summary>Epoll on 64-bit Linux, managed sockets elsewhere or when <see cref="EnvironmentVariable"/> says so.</summary>
    public static Poller Create() =>
        OperatingSystem.IsLinux() && Environment.Is64BitProcess && Environment.GetEnvironmentVariable(EnvironmentVariable) != "managed"
            ? new EpollPoller()
            : new ManagedPoller();

    /// <summary>Name for logs: <c>epoll</c> or <c>managed</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Ends a <see cref="Wait"/> in progress, or the next one. For any thread.</summary>
    public abstract void Wake();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A listening socket.</summary>
    /// <exception cref="IOException">The address cannot be listened on; the message says why.</exception>
    internal abstract NetSocket Listen(EndPoint endPoint, ListenOptions options);

    /// <summary>Begins to connect; the socket becomes writable when it is done, and <see cref="NetSocket.ConnectError"/> says how it ended.</summary>
    /// <exception cref="IOException">It failed at once; the message says why.</exception>
    internal abstract NetSocket Connect(EndPoint endPoint);

    internal abstract void Add(PollTarget target, NetSocket socket, PollInterest interest);

    internal abstract void Change(PollTarget target, NetSocket socket, PollInterest interest);

    /// <summary>Stops watching; events already waiting for the target are not delivered.</summary>
    internal abstract void Remove(PollTarget target, NetSocket socket);

    /// <summary>Waits for at most <paramref name="milliseconds"/> (-1: for ever) and hands over what is ready.</summary>
    /// <returns>How many targets were ready.</returns>
    internal abstract int Wait(int milliseconds, IPollObserver observer);
}
