using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Keyway.LoadBenchmarks.Short;

/// <summary>A few threads, each with one page after the other on plain sockets, as the workers of a web server.</summary>
/// <param name="Pages">Pages done.</param>
/// <param name="Seconds">Time taken.</param>
/// <param name="P50">Median time of a page in milliseconds.</param>
/// <param name="P99">99th percentile of that.</param>
internal sealed record PageLoad(long Pages, double Seconds, double P50, double P99)
{
    /// <summary>Sends pages, so many at a time, for a time; throws when a reply is not the right one.</summary>
    public static PageLoad Run(Page page, EndPoint address, int workers, double seconds)
    {
        var clock = Stopwatch.StartNew();
        var times = new List<double>[workers];
        var failures = new Exception?[workers];
        var threads = Enumerable.Range(0, workers).Select(worker => new Thread(() =>
        {
            try
            {
                times[worker] = Work(page, address, seconds, new Random(worker));
            }
            catch (Exception exception)
            {
                failures[worker] = exception;
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
        {
            throw new InvalidOperationException($"A page of {page.Title} at {address} failed.", first);
        }

        var taken = clock.Elapsed.TotalSeconds;
        var sorted = times.SelectMany(list => list).Order().ToArray();
        return new PageLoad(sorted.Length, taken, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }

    private static List<double> Work(Page page, EndPoint address, double seconds, Random random)
    {
        var keys = Enumerable.Range(0, Page.Keys).Select(number => page.Exchanges(Page.Key(number))).ToArray();
        var buffer = new byte[256];
        var times = new List<double>(100_000);
        var start = Stopwatch.GetTimestamp();
        do
        {
            var begin = Stopwatch.GetTimestamp();
            Do(keys[random.Next(keys.Length)], address, buffer);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return times;
    }

    private static void Do((byte[] Request, byte[] Reply)[] exchanges, EndPoint address, byte[] buffer)
    {
        var isUnix = address.AddressFamily == AddressFamily.Unix;
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (!isUnix)
        {
            socket.NoDelay = true;
        }

        socket.Connect(address);
        foreach (var (request, reply) in exchanges)
        {
            socket.Send(request);
            var length = 0;
            while (length < reply.Length)
            {
                var received = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
                length += received > 0 ? received : throw new EndOfStreamException("The connection was closed.");
            }

            if (!buffer.AsSpan(0, length).SequenceEqual(reply))
            {
                throw new InvalidDataException($"An unexpected reply: {System.Text.Encoding.Latin1.GetString(buffer, 0, length)}");
            }
        }
    }
}
