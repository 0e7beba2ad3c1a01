using System.Collections.Concurrent;
using System.Text;
using Keyway.Net.Timers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Commands;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Smart;

/// <summary>
/// Smart mode of one pool on one reactor: its queues, and the clients that wait for one. There is one for each server. Of a cluster there is one for each of
/// some groups of slots, which stay the same whoever serves them; behind Sentinels there is one.
/// </summary>
internal sealed partial class SmartState
{
    private const int WakeMilliseconds = 50; // room can come from elsewhere, too
    private const int SlotGroups = 16; // more would cost more readers of a long backlog, fewer let a node that is away hold up more slots of others
    private const int SlotsInGroup = SlotRange.SlotCount / SlotGroups;

    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private readonly WriteQueue[] _queues;
    private readonly Action _wakeNow;
    private List<ClientConnection> _waiting = [];
    private List<ClientConnection> _waking = [];
    private readonly ActionTimer _wakeTimer;
    private readonly LogLimit _refusals;
    private readonly LogLimit _drops;
    private bool _isWaking;

    internal SmartState(PoolState pool)
    {
        Pool = pool;
        Journal = pool.Shared.Journal;
        Letters = pool.Shared.DeadLetters;
        _queues = new WriteQueue[pool.Config.Topology switch
        {
            PoolTopology.Cluster => SlotGroups,
            PoolTopology.Sentinel => 1,
            _ => pool.Servers.Length,
        }];
        _wakeTimer = new ActionTimer(Wake);
        _wakeNow = WakeNow;
        _flushJournal = FlushJournal;
        _refusals = new LogLimit(LogInterval, TimeProvider.System);
        _drops = new LogLimit(LogInterval, TimeProvider.System);
    }

    internal PoolState Pool { get; }

    internal SmartConfig Config => Pool.Config.Smart;

    /// <summary>Where writes are kept before they are answered; null keeps them in memory only.</summary>
    internal IWriteJournal? Journal { get; }

    /// <summary>Where writes are kept that were given up, or null.</summary>
    internal IDeadLetters? Letters { get; }

    /// <summary>True once the process ends: what is not delivered stays so.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>How many writes were given up, by reason. Read by any thread.</summary>
    internal ConcurrentDictionary<string, long> GivenUp { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes in memory that are not known to be executed.</summary>
    internal long Pending
    {
        get
        {
            long pending = 0;
            foreach (WriteQueue queue in _queues)
            {
                pending += queue.Count;
            }

            return pending;
        }
    }

    /// <summary>True if nothing is left that could be delivered now: with a journal, what waits for a server that is away can wait there.</summary>
    internal bool IsDrained
    {
        get
        {
            foreach (WriteQueue queue in _queues)
            {
                if (!queue.IsEmpty && (Journal is null || !queue.IsAway))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>To be called once on the reactor's thread, before the first client.</summary>
    internal void Begin()
    {
        for (int i = 0; i < _queues.Length; i++)
        {
            _queues[i] = new WriteQueue(this, i, Pool.Config.Topology switch
            {
                PoolTopology.Cluster => $"of slots {i * SlotsInGroup}-{((i + 1) * SlotsInGroup) - 1}",
                PoolTopology.Sentinel => Pool.Config.Master!,
                _ => Pool.Servers[i].Label,
            });
        }

        if (Journal is not null)
        {
            BeginJournal(Journal);
        }
    }

    /// <summary>How many queues there are.</summary>
    internal int QueueCount => _queues.Length;

    /// <summary>Bytes that all writes in memory take.</summary>
    internal long Held { get; set; }

    /// <summary>The queue of that number.</summary>
    internal WriteQueue QueueAt(int index) => _queues[index];

    /// <summary>The number of the queue for what <see cref="PoolState.Locate"/> gave.</summary>
    internal int QueueFor(int place) => Pool.Config.Topology switch
    {
        PoolTopology.Cluster => place / SlotsInGroup,
        PoolTopology.Sentinel => 0,
        _ => place,
    };

    /// <summary>A slot has another server.</summary>
    internal void OnMapChanged() => PumpAll();

    /// <summary>What the command's client is told at once; null if it has to wait.</summary>
    internal byte[]? ReplyTo(CommandInfo command) => Pool.Shared.Early!.Of(command);

    /// <summary>True if a request has to wait for earlier writes of its client.</summary>
    /// <param name="marks">The client's last write on each server, see <see cref="WriteQueue.Mark"/>.</param>
    /// <param name="replied">Wait until they are executed: the request takes another connection.</param>
    internal bool MustWait(ReadOnlySpan<long> marks, bool replied)
    {
        for (int i = 0; i < marks.Length; i++)
        {
            // While a server is down a request is not to wait: it fails, as without early writes.
            if (_queues[i].Owes(marks[i], replied) && !_queues[i].IsAway)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The client is not read until something has changed; then its request is offered again.</summary>
    internal void Wait(ClientConnection client)
    {
        client.Pause(PauseReasons.Writes);
        _waiting.Add(client);
        if (!_wakeTimer.IsSet)
        {
            Pool.Reactor.Timers.Set(_wakeTimer, Pool.Reactor.Now + WakeMilliseconds);
        }
    }

    /// <summary>Something has changed: whoever waits may try again, at the end of this wake-up.</summary>
    internal void Wake()
    {
        if (_waiting.Count > 0 && !_isWaking)
        {
            _isWaking = true;
            Pool.Reactor.Defer(_wakeNow);
        }
    }

    internal void OnHealthChanged() => PumpAll();

    private void PumpAll()
    {
        foreach (WriteQueue queue in _queues)
        {
            // Null before the beginning.
            queue?.Pump();
        }

        Wake();
    }

    internal void CountDropped(long count, string server)
    {
        Pool.Counters.EarlyDropped += count;
        if (count > 0 && _drops.TryPass(out long withheld))
        {
            Pool.Shared.Log.Write(
                LogLevel.Warn,
                "early_dropped",
                $"the backlog is full (max_backlog): {count} answered writes were given up, {Pool.Counters.EarlyDropped} since the start on this reactor; {withheld} such lines left out",
                ("pool", Pool.Config.Name),
                ("server", server));
        }
    }

    /// <summary>A write that was answered will not be executed, or nobody knows whether it was: counts, logs and perhaps keeps it.</summary>
    internal void GiveUp(WriteQueue queue, string reason, in EarlyWrite write, ReadOnlySpan<byte> frame)
    {
        GivenUp.AddOrUpdate(reason, 1, static (_, count) => count + 1);
        if (Letters is not null)
        {
            Span<byte> header = stackalloc byte[WriteHeader.Size];
            HeaderOf(queue, write).Write(header);
            Letters.Add(reason, header, frame);
        }

        if (_refusals.TryPass(out long withheld))
        {
            string key = Encoding.Latin1.GetString(frame.Slice(write.KeyStart, Math.Min(write.KeyLength, 128)));
            Pool.Shared.Log.Write(
                LogLevel.Warn,
                reason is RefusalReason.Uncertain ? "early_uncertain" : "early_refused",
                reason is RefusalReason.Uncertain
                    ? $"{write.Name} was answered, and its connection lost before the server's reply: it may have been executed, and is not repeated; {withheld} such lines left out"
                    : $"{write.Name} was answered, and refused by the server: {reason}; {withheld} such lines left out",
                ("pool", Pool.Config.Name),
                ("server", queue.Label),
                ("key", key));
        }
    }

    /// <summary>The process ends.</summary>
    internal void Close()
    {
        IsClosed = true;
        Pool.Reactor.Timers.Cancel(_wakeTimer);
        foreach (WriteQueue queue in _queues)
        {
            queue?.Close();
        }

        FlushJournal();
    }

    private WriteHeader HeaderOf(WriteQueue queue, in EarlyWrite write) => new()
    {
        Protocol = Pool.Config.Protocol,
        Reactor = Pool.Reactor.Index,
        Server = queue.Index,
        Database = Pool.Lanes[write.Lane].Database,
        RespVersion = Pool.Lanes[write.Lane].RespVersion,
        KeyStart = write.KeyStart,
        KeyLength = write.KeyLength,
        Client = write.Client,
    };

    private void WakeNow()
    {
        _isWaking = false;
        (_waking, _waiting) = (_waiting, _waking);
        foreach (ClientConnection client in _waking)
        {
            client.Unpause(PauseReasons.Writes);
        }

        _waking.Clear();
    }
}
