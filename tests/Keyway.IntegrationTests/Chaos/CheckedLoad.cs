using System.Collections.Concurrent;
using System.Diagnostics;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>Clients that go on reading and writing, many requests at a time, and know what each reply must be.</summary>
internal sealed class CheckedLoad : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CheckedClient[] _clients;
    private readonly Thread[] _threads;
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _errors = new();
    private readonly bool _mayLoseWrites;
    private readonly TimeSpan _pause;
    private long _requests;
    private long _lost;
    private int _sweepsWanted;

    /// <param name="port">The proxy's.</param>
    /// <param name="clients">How many clients.</param>
    /// <param name="mayLoseWrites">True where the servers themselves may forget what they acknowledged: an older value is then counted as lost, and is no wrong reply.</param>
    /// <param name="pause">Of each client, between two rounds: a load that leaves the machine some time.</param>
    public CheckedLoad(int port, int clients, bool mayLoseWrites = false, TimeSpan pause = default)
    {
        _mayLoseWrites = mayLoseWrites;
        _pause = pause;
        _clients = [.. Enumerable.Range(0, clients).Select(number => new CheckedClient(this, number))];
        _threads = [.. _clients.Select((client, number) => new Thread(() => Run(port, client, number)))];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Replies that no right server can have given.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>How often which error came.</summary>
    public IReadOnlyDictionary<string, int> Errors => _errors;

    /// <summary>How many errors came.</summary>
    public long ErrorCount => _errors.Values.Sum();

    /// <summary>Requests answered so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>How often the servers had forgotten a write that they had acknowledged.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>How often every client is to have read all its keys.</summary>
    internal int SweepsWanted => Volatile.Read(ref _sweepsWanted);

    /// <summary>Waits until every client has read all its keys without an error, in a round that began after this call.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan WaitForService(TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _sweepsWanted);
        while (_clients.Any(client => Interlocked.Read(ref client.LastServed) < start))
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"no service for {limit.TotalSeconds} s; errors: {ErrorText()}; wrong: {string.Join(", ", _wrong)}");
            }

            Thread.Sleep(5); // between two looks, bounded by the limit
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The errors and how often each came.</summary>
    public string ErrorText() => string.Join(", ", _errors.Select(static e => $"{e.Key} x{e.Value}"));

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

    /// <summary>A client has judged a reply.</summary>
    internal void Report(Verdict verdict, string expected, RespValue reply)
    {
        if (verdict == Verdict.Older && _mayLoseWrites)
        {
            Interlocked.Increment(ref _lost);
        }
        else if (verdict != Verdict.Right)
        {
            _wrong.Enqueue($"{expected}, but the reply is {reply}");
        }
    }

    /// <summary>True for an error, which is counted.</summary>
    internal bool IsError(RespValue reply)
    {
        if (reply.IsError)
        {
            _errors.AddOrUpdate(Kind(reply.Text!), 1, static (_, count) => count + 1);
        }

        return reply.IsError;
    }

    internal void CountReply() => Interlocked.Increment(ref _requests);

    /// <summary>The error without what differs each time.</summary>
    private static string Kind(string error) => string.Join(' ', error.Split(' ').Where(static word => !word.Any(char.IsAsciiDigit)).Take(8));

    private void Run(int port, CheckedClient client, int number)
    {
        try
        {
            using RespClient connection = RespClient.Connect(port, TimeSpan.FromSeconds(60));
            while (!_stop.IsCancellationRequested)
            {
                client.Round(connection);
                if (_pause > TimeSpan.Zero)
                {
                    Thread.Sleep(_pause); // what there is to be between two rounds
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or System.Net.Sockets.SocketException or TimeoutException)
        {
            _wrong.Enqueue($"client {number}: {e.Message}");
        }
    }
}
