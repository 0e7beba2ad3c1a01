using Keyway.Net;
using Keyway.Net.Timers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>The socket of a <see cref="ServerFeed"/>: a connection in RESP2's subscriber mode. Messages for RESP3 clients differ in their first byte only.</summary>
internal sealed class FeedConnection : Connection
{
    /// <summary>Bytes given to clients before they are written to: one read's worth of messages for thousands of clients would fill the memory.</summary>
    private const long MostAtOnce = 8L << 20;

    private readonly ServerFeed _feed;
    private readonly Handshake _handshake;
    private readonly ActionTimer _limit;
    private long _expected;

    internal FeedConnection(ServerFeed feed)
        : base(feed.Server.Pool.Reactor, isServer: true)
    {
        PoolConfig config = feed.Server.Pool.Config;
        _feed = feed;
        _handshake = new Handshake(config, new Lane(0, 2)); // channels know no databases
        _limit = new ActionTimer(() => Close($"no connection within {config.ConnectTimeout.TotalMilliseconds} ms"));
    }

    /// <summary>True when the handshake is done.</summary>
    internal bool IsReady { get; private set; }

    /// <summary>What the server said to AUTH, if it refused it.</summary>
    internal string? Refusal { get; private set; }

    /// <inheritdoc/>
    protected override int ExpectedLength => (int)_expected;

    internal void Open()
    {
        PoolConfig config = _feed.Server.Pool.Config;
        Reactor.Timers.Set(_limit, Reactor.Now + (long)config.ConnectTimeout.TotalMilliseconds);
        _feed.Server.Address.Find(Reactor, (endPoint, reason) =>
        {
            if (endPoint is null)
            {
                Close(reason);
            }
            else if (!IsClosed)
            {
                Connect(endPoint, config.TcpKeepalive);
            }
        });
    }

    /// <inheritdoc/>
    protected override void OnConnected()
    {
        _handshake.Begin(Out);
        if (_handshake.IsOpen)
        {
            QueueFlush();
        }
        else
        {
            BecomeReady();
        }
    }

    /// <inheritdoc/>
    protected override int OnBytes(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        long given = 0;
        _expected = 0;
        _feed.OnHeard();
        while (at < bytes.Length && !IsClosed)
        {
            FeedFrame frame = default;
            ScanStatus status = frame.Read(bytes[at..]);
            if (status == ScanStatus.NeedMore)
            {
                _expected = frame.Expected;
                break;
            }

            if (status == ScanStatus.Error)
            {
                Close("malformed message");
                break;
            }

            given += (long)OnFrame(frame) * frame.Bytes.Length;
            at += frame.Bytes.Length;
            if (given > MostAtOnce)
            {
                // The rest is offered again once the clients have been written to.
                PauseReading();
                ResumeReading();
                break;
            }
        }

        return IsClosed ? bytes.Length : at;
    }

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        Reactor.Timers.Cancel(_limit);
        if (!IsReady)
        {
            _feed.Server.Address.TryNext();
        }

        _feed.OnLost(this, reason);
    }

    /// <summary>Handles one frame; returns the number of clients that it went to.</summary>
    private int OnFrame(in FeedFrame frame)
    {
        if (!frame.IsLine && TopicWords.TryMessage(frame.Word, out TopicKind kind))
        {
            return _feed.Hub.Deliver(kind, frame.Name, frame.Bytes);
        }

        if (!_handshake.IsOpen)
        {
            _feed.OnAnswer(frame);
        }
        else if (_handshake.Answer(frame.Bytes) is { } refusal)
        {
            Refusal = refusal;
            Close(refusal);
        }
        else if (!_handshake.IsOpen)
        {
            BecomeReady();
        }

        return 0;
    }

    private void BecomeReady()
    {
        IsReady = true;
        Reactor.Timers.Cancel(_limit);
        _feed.OnReady();
    }
}
