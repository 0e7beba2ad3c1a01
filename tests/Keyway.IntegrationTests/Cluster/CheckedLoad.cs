using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>
/// Clients that go on reading and writing keys of their own, many at a time, and know what each reply must be. An error is counted; after one a key's value may be
/// the old or the new one, and nothing else.
/// </summary>
internal sealed class CheckedLoad : IDisposable
{
    private const int KeysOfClient = 40;
    private const int InFlight = 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _errors = new();
    private readonly long[] _lastSuccess;
    private readonly bool _mayLoseWrites;
    private long _requests;

    /// <param name="port">The proxy's.</param>
    /// <param name="clients">How many clients.</param>
    /// <param name="mayLoseWrites">True where the servers themselves may forget what they acknowledged: an older value is then no wrong reply, one of somebody else is.</param>
    public CheckedLoad(int port, int clients, bool mayLoseWrites = false)
    {
        _mayLoseWrites = mayLoseWrites;
        _lastSuccess = new long[clients];
        _threads = [.. Enumerable.Range(0, clients).Select(number => new Thread(() => Run(port, number)))];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Replies that no right server can have given.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>How often which error came.</summary>
    public IReadOnlyDictionary<string, int> Errors => _errors;

    /// <summary>Requests answered so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Waits until every client has been served without an error in a whole round that began after this call.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan WaitForService(TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (_lastSuccess.Select((_, i) => Interlocked.Read(ref _lastSuccess[i])).Any(last => last < start))
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"no service for {limit.TotalSeconds} s; errors: {string.Join(", ", _errors.Select(static e => $"{e.Key} x{e.Value}"))}");
            }

            Thread.Sleep(5); // between two looks, bounded by the limit
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Ends the load; then <see cref="Wrong"/> and <see cref="Errors"/> are whole.</summary>
    public void Stop()
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private void Run(int port, int number)
    {
        Random random = new(number);
        Key[] keys = [.. Enumerable.Range(0, KeysOfClient).Select(i => new Key($"c{number}:{i}"))];
        try
        {
            using RespClient client = RespClient.Connect(port, TimeSpan.FromSeconds(30));
            while (!_stop.IsCancellationRequested)
            {
                Round(client, keys, random, number);
            }
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            _wrong.Enqueue($"client {number}: {e.Message}");
        }
    }

    private void Round(RespClient client, Key[] keys, Random random, int number)
    {
        long start = Stopwatch.GetTimestamp();
        List<Func<RespValue, bool>> checks = [];
        List<byte> bytes = [];
        for (int i = 0; i < InFlight; i++)
        {
            Key key = keys[random.Next(keys.Length)];
            switch (random.Next(5))
            {
                case 0:
                    long next = ++key.Last;
                    bytes.AddRange(RespClient.Encode("SET", key.Name, Text(next)));
                    checks.Add(reply => key.Wrote(next, Check(reply, "+OK", key)));
                    break;
                case 1:
                    Key[] some = [.. Enumerable.Range(0, 5).Select(_ => keys[random.Next(keys.Length)])];
                    bytes.AddRange(RespClient.Encode(["MGET", .. some.Select(static one => one.Name)]));
                    checks.Add(reply => CheckMany(reply, some));
                    break;
                default:
                    bytes.AddRange(RespClient.Encode("GET", key.Name));
                    checks.Add(reply => CheckValue(reply, key));
                    break;
            }
        }

        client.SendRaw([.. bytes]);
        bool isServed = true;
        foreach (Func<RespValue, bool> check in checks)
        {
            isServed &= check(client.ReadReply());
            Interlocked.Increment(ref _requests);
        }

        if (isServed)
        {
            Interlocked.Exchange(ref _lastSuccess[number], start);
        }
    }

    private bool Check(RespValue reply, string expected, Key key)
    {
        if (IsError(reply))
        {
            return false;
        }

        if (reply.ToString() != expected)
        {
            _wrong.Enqueue($"{key.Name}: {reply} for {expected}");
        }

        return true;
    }

    private bool CheckMany(RespValue reply, Key[] keys)
    {
        if (IsError(reply))
        {
            return false;
        }

        if (reply.Items.Count != keys.Length)
        {
            _wrong.Enqueue($"MGET of {keys.Length}: {reply}");
            return true;
        }

        for (int i = 0; i < keys.Length; i++)
        {
            CheckValue(reply.Items[i], keys[i]);
        }

        return true;
    }

    private bool CheckValue(RespValue reply, Key key)
    {
        if (IsError(reply))
        {
            return false;
        }

        if (reply.Type is not ('$' or '_') || (!key.MayHold(reply.Text) && !(_mayLoseWrites && key.IsOlder(reply.Text))))
        {
            _wrong.Enqueue($"{key.Name}: {reply}, but it is {key}");
        }

        return true;
    }

    private bool IsError(RespValue reply)
    {
        if (reply.IsError)
        {
            _errors.AddOrUpdate(Kind(reply.Text!), 1, static (_, count) => count + 1);
        }

        return reply.IsError;
    }

    /// <summary>The error without what differs each time.</summary>
    private static string Kind(string error) => string.Join(' ', error.Split(' ').Where(static word => !word.Any(char.IsAsciiDigit)).Take(8));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>One key of one client: what it holds, as far as that is known.</summary>
    private sealed class Key(string name)
    {
        // Values that it may hold now: one, or several after writes whose outcome is not known.
        private readonly HashSet<long> _possible = [0];

        public string Name => name;

        public long Last { get; set; }

        /// <summary>A write was answered, well or with an error.</summary>
        public bool Wrote(long value, bool isKnown)
        {
            if (isKnown)
            {
                _possible.Clear();
            }

            _possible.Add(value);
            return isKnown;
        }

        /// <summary>Whether a read may have given this; replies are checked in order, so the writes before it are known.</summary>
        public bool MayHold(string? text) => _possible.Contains(Value(text));

        public bool IsOlder(string? text) => Value(text) <= Last;

        public override string ToString() => string.Join(" or ", _possible);

        private static long Value(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
    }
}
