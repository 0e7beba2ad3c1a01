using System.Globalization;
using System.Text;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Redis;

/// <summary>
/// What INFO says about Keyway itself: the pool on all reactors together, each counter as its reactor last wrote it; the servers' health as the
/// answering reactor sees it.
/// </summary>
internal static class KeywaySection
{
    /// <summary>True when INFO's arguments ask for this section: by its name, or for the default, all or everything.</summary>
    internal static bool IsWanted(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        bool isWanted = args.Count == 1;
        for (int i = 1; i < args.Count && !isWanted; i++)
        {
            ReadOnlySpan<byte> section = args.Get(frame, i);
            isWanted = IsOwn(section)
                || Ascii.EqualsIgnoreCase(section, "DEFAULT"u8)
                || Ascii.EqualsIgnoreCase(section, "ALL"u8)
                || Ascii.EqualsIgnoreCase(section, "EVERYTHING"u8);
        }

        return isWanted;
    }

    /// <summary>True when they ask for nothing else, so that no server is needed.</summary>
    internal static bool IsAllThatIsWanted(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        for (int i = 1; i < args.Count; i++)
        {
            if (!IsOwn(args.Get(frame, i)))
            {
                return false;
            }
        }

        return args.Count > 1;
    }

    internal static string Text(PoolState pool)
    {
        IReadOnlyList<PoolState> states = pool.Shared.States;
        StringBuilder text = new("# Keyway\r\n");
        Add(text, "keyway_version", typeof(KeywaySection).Assembly.GetName().Version!.ToString(3));
        Add(text, "keyway_pool", pool.Config.Name);
        Add(text, "keyway_reactors", states.Count);
        Add(text, "keyway_clients", states.Sum(static state => state.Counters.Clients));
        Add(text, "keyway_clients_accepted", states.Sum(static state => state.Counters.ClientsAccepted));
        Add(text, "keyway_clients_refused", states.Sum(static state => state.Counters.ClientsRefused));
        Add(text, "keyway_clients_too_slow", states.Sum(static state => state.Counters.ClientsTooSlow));
        Add(text, "keyway_clients_malformed", states.Sum(static state => state.Counters.ClientsMalformed));
        Add(text, "keyway_requests", states.Sum(static state => state.Counters.Requests));
        Add(text, "keyway_subscriptions", states.Sum(static state => state.Counters.Subscriptions));
        Add(text, "keyway_subscribers", states.Sum(static state => state.Counters.Subscribers));
        Add(text, "keyway_subscribers_too_slow", states.Sum(static state => state.Counters.SubscribersTooSlow));
        Add(text, "keyway_messages", states.Sum(static state => state.Counters.Messages));
        Add(text, "keyway_buffer_bytes", states.Sum(static state => state.Reactor.Buffers.InUse));
        Add(text, "keyway_pinned_in_use", states.Sum(static state => state.Servers.Sum(static server => server.Pinned.InUse)));
        Add(text, "keyway_pinned_idle", states.Sum(static state => state.Servers.Sum(static server => server.Pinned.Idle)));
        Add(text, "keyway_pinned_waiting", states.Sum(static state => state.Servers.Sum(static server => server.Pinned.Waiting)));
        Add(text, "keyway_elements_put_back", states.Sum(static state => state.Counters.ElementsPutBack));
        if (pool.Config.Compression.IsOn)
        {
            Add(text, "keyway_values_compressed", states.Sum(static state => state.Counters.ValuesCompressed));
            Add(text, "keyway_values_decompressed", states.Sum(static state => state.Counters.ValuesDecompressed));
            Add(text, "keyway_values_unreadable", states.Sum(static state => state.Counters.ValuesUnreadable));
        }

        foreach ((string name, long value) in SmartFigures.Of(states))
        {
            Add(text, name, value);
        }

        if (pool.Shared.Spool is { } spool)
        {
            AddRelay(text, states, spool.GetStatus());
        }

        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            Add(text, "keyway_failed_" + FailureNames.Of(kind), states.Sum(state => state.Counters.FailuresOf(kind)));
        }

        foreach (ServerState server in pool.Servers.Where(static server => !server.IsGone))
        {
            Add(text, "keyway_server_" + server.Index.ToString(CultureInfo.InvariantCulture), $"{server.Label},{(server.Health.IsDown ? "down" : "up")}");
        }

        return text.ToString();
    }

    private static void AddRelay(StringBuilder text, IReadOnlyList<PoolState> states, RelayStatus status)
    {
        Add(text, "keyway_records", states.Sum(static state => state.Counters.Records));
        Add(text, "keyway_record_bytes", states.Sum(static state => state.Counters.RecordBytes));
        Add(text, "keyway_records_too_long", states.Sum(static state => state.Counters.RecordsTooLong));
        Add(text, "keyway_records_dropped", states.Sum(static state => state.Counters.RecordsDropped));
        Add(text, "keyway_relay_pending", status.Pending);
        Add(text, "keyway_relay_pending_bytes", status.PendingBytes);
        Add(text, "keyway_relay_oldest_milliseconds", (long)status.OldestAge.TotalMilliseconds);
        Add(text, "keyway_relay_delivered", status.Delivered);
        Add(text, "keyway_relay_delivered_bytes", status.DeliveredBytes);
        Add(text, "keyway_relay_calls", status.Calls);
        Add(text, "keyway_relay_in_flight", status.InFlight);
        Add(text, "keyway_relay_retried", status.Retried);
        Add(text, "keyway_relay_throttled", status.Throttled);
        Add(text, "keyway_relay_failed_calls", status.Failed);
        Add(text, "keyway_relay_dead_letters", status.DeadLetters);
        Add(text, "keyway_relay_parked", Line(status.Parked));
        Add(text, "keyway_relay_last_failure", Line(status.LastFailure));
    }

    private static string Line(string? text) => text?.ReplaceLineEndings(" ") ?? "";

    private static bool IsOwn(ReadOnlySpan<byte> section) => Ascii.EqualsIgnoreCase(section, "KEYWAY"u8);

    private static void Add(StringBuilder text, string name, IFormattable value) => Add(text, name, value.ToString(null, CultureInfo.InvariantCulture));

    private static void Add(StringBuilder text, string name, string value) => text.Append(name).Append(':').Append(value).Append("\r\n");
}
