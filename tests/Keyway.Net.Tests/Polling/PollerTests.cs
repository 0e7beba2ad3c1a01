using System.Diagnostics;
using System.Net;
using Keyway.Net.Polling;

namespace Keyway.Net.Tests.Polling;

[Collection("Environment")]
public sealed class PollerTests : IPollObserver
{
    private readonly List<(PollTarget Target, PollEvents Events)> _delivered = [];
    private Action<PollTarget> _onReady = static _ => { };
    private int _wakes;

    [Theory]
    [InlineData("managed", "managed")]
    [InlineData(null, "epoll")]
    [InlineData("epoll", "epoll")]
    public void Create_EnvironmentVariable_Chooses(string? value, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere there is one poller only");
        var before = Environment.GetEnvironmentVariable(Poller.EnvironmentVariable);
        try
        {
            Environment.SetEnvironmentVariable(Poller.EnvironmentVariable, value);

            using var poller = Poller.Create();

            Assert.Equal(expected, poller.Name);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Poller.EnvironmentVariable, before);
        }
    }

    [Theory]
    [MemberData(nameof(Pollers.All), MemberType = typeof(Pollers))]
    public void Wait_TargetRemovedEarlierInSameWakeUp_ReachesNobody(string name)
    {
        using var poller = Pollers.Create(name);
        using var pairs = new SocketPairs(poller);
        var (socketA, _) = pairs.Next(out var peerA);
        var (socketB, _) = pairs.Next(out var peerB);
        var (socketC, _) = pairs.Next(out _);
        Target a = new(), b = new(), c = new();
        poller.Add(a, socketA, PollInterest.Read);
        poller.Add(b, socketB, PollInterest.Read);
        peerA.SendFrame(1);
        peerB.SendFrame(2);
        _onReady = first =>
        {
            // The place of the one that is removed is taken at once, by somebody who has no bytes.
            var (other, socket) = first == a ? (b, socketB) : (a, socketA);
            poller.Remove(other, socket);
            poller.Add(c, socketC, PollInterest.Read);
        };

        WaitForEvents(poller);

        Assert.Single(_delivered);
        Assert.NotSame(c, _delivered[0].Target);
    }

    [Theory]
    [MemberData(nameof(Pollers.All), MemberType = typeof(Pollers))]
    public void Change_Interest_IsWhatIsReported(string name)
    {
        using var poller = Pollers.Create(name);
        using var pairs = new SocketPairs(poller);
        var (socket, _) = pairs.Next(out var peer);
        Target target = new();
        poller.Add(target, socket, PollInterest.Write);
        WaitForEvents(poller);
        Assert.Equal([(target, PollEvents.Writable)], _delivered);

        _delivered.Clear();
        poller.Change(target, socket, PollInterest.None);
        peer.SendFrame(1);
        poller.Wait(0, this);
        Assert.Empty(_delivered);

        poller.Change(target, socket, PollInterest.Read);
        WaitForEvents(poller);
        Assert.Equal([(target, PollEvents.Readable)], _delivered);
    }

    [Theory]
    [MemberData(nameof(Pollers.All), MemberType = typeof(Pollers))]
    public void Wake_BeforeWait_EndsItOnce(string name)
    {
        using var poller = Pollers.Create(name);
        poller.Wake();
        poller.Wake();

        poller.Wait(-1, this);
        poller.Wait(0, this);

        Assert.Equal(2, _wakes);
        Assert.Empty(_delivered);
    }

    [Theory]
    [MemberData(nameof(Pollers.All), MemberType = typeof(Pollers))]
    public void Wake_AfterDispose_TouchesNobody(string name)
    {
        var poller = Pollers.Create(name);
        poller.Dispose();
        using var other = Pollers.Create(name);

        // The descriptors that were closed are most likely those of the other poller now.
        poller.Wake();
        var clock = Stopwatch.StartNew();
        other.Wait(20, this);

        Assert.True(clock.ElapsedMilliseconds >= 19, "the other poller was woken");
    }

    [Theory]
    [MemberData(nameof(Pollers.All), MemberType = typeof(Pollers))]
    public void Add_ManyTargets_EachHearsOfItself(string name)
    {
        using var poller = Pollers.Create(name);
        using var pairs = new SocketPairs(poller);
        var peers = new List<FramePeer>();
        var targets = new List<Target>();
        for (var i = 0; i < 100; i++)
        {
            targets.Add(new Target());
            poller.Add(targets[i], pairs.Next(out var peer).Socket, PollInterest.Read);
            peers.Add(peer);
        }

        foreach (var i in (int[])[99, 0, 64, 63, 17])
        {
            _delivered.Clear();
            peers[i].SendFrame(1);
            WaitForEvents(poller);
            Assert.Equal([(targets[i], PollEvents.Readable)], _delivered);
            poller.Remove(targets[i], pairs.Sockets[i]);
        }
    }

    void IPollObserver.OnWake() => _wakes++;

    void IPollObserver.OnReady(PollTarget target, PollEvents events)
    {
        _delivered.Add((target, events));
        _onReady(target);
    }

    private void WaitForEvents(Poller poller)
    {
        poller.Wait((int)Wait.Limit.TotalMilliseconds, this);
        Assert.NotEmpty(_delivered);
    }

    private sealed class Target : PollTarget
    {
        internal override void OnReady(PollEvents events)
        {
        }
    }

    /// <summary>Connections over loopback, one end a poller's and one the framework's.</summary>
    private sealed class SocketPairs : IDisposable
    {
        private readonly NetSocket _listening;
        private readonly List<IDisposable> _peers = [];

        internal SocketPairs(Poller poller) =>
            _listening = poller.Listen(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions());

        internal List<NetSocket> Sockets { get; } = [];

        public void Dispose()
        {
            Sockets.ForEach(static socket => socket.Close());
            _peers.ForEach(static peer => peer.Dispose());
            _listening.Close();
        }

        internal (NetSocket Socket, AcceptFailure Failure) Next(out FramePeer peer)
        {
            peer = new FramePeer(_listening.LocalEndPoint);
            _peers.Add(peer);
            var socket = _listening.Accept(out var failure)!;
            Sockets.Add(socket);
            return (socket, failure);
        }
    }
}
