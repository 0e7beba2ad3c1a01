using System.Diagnostics;
using System.Globalization;

namespace Keyway.LoadBenchmarks.Memcached;

/// <summary>The source of load, since redis-benchmark does not speak memcached: one thread with all clients, as that one.</summary>
internal static class MemcachedLoad
{
    private static readonly TimeSpan ReplyLimit = TimeSpan.FromSeconds(10);

    /// <summary>Sends so many requests of the scenario to a port and waits for the end.</summary>
    public static Sample Run(MemcachedScenario scenario, int port, long requests, string? cpus)
    {
        Sample? sample = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (cpus is not null)
                {
                    Libc.RunOn(int.Parse(cpus, CultureInfo.InvariantCulture));
                }

                sample = Send(scenario, port, requests);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return sample ?? throw new InvalidOperationException($"{scenario.Name} on port {port} failed.", failure);
    }

    private static Sample Send(MemcachedScenario scenario, int port, long requests)
    {
        var connections = new LoadConnection[Scenario.Clients];
        try
        {
            for (var i = 0; i < connections.Length; i++)
            {
                connections[i] = new LoadConnection(scenario, port, i);
            }

            return Send(connections, scenario.Pipeline * scenario.KeysPerGet, requests);
        }
        finally
        {
            foreach (var connection in connections)
            {
                connection?.Dispose();
            }
        }
    }

    private static Sample Send(LoadConnection[] connections, int requestsPerBatch, long requests)
    {
        var descriptors = Array.ConvertAll(connections, static connection => new Libc.PollDescriptor { Descriptor = connection.Descriptor, Wanted = Libc.PollIn });
        var latencies = new Latencies();
        var batches = (requests + requestsPerBatch - 1) / requestsPerBatch;
        var toSend = batches;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < connections.Length && toSend > 0; i++, toSend--)
        {
            connections[i].Send();
        }

        for (var left = batches; left > 0;)
        {
            if (!Libc.Wait(descriptors, ReplyLimit))
            {
                var pending = connections.Select(static connection => connection.Received).FirstOrDefault(static received => received.Length > 0);
                throw new TimeoutException($"No reply within {ReplyLimit.TotalSeconds} s; an incomplete one: {pending}");
            }

            for (var i = 0; i < connections.Length; i++)
            {
                if (descriptors[i].Ready == 0 || !connections[i].Receive(out var ticks))
                {
                    continue;
                }

                left--;
                latencies.Add(ticks);
                if (toSend > 0)
                {
                    toSend--;
                    connections[i].Send();
                }
            }
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Sample(double.NaN, batches * requestsPerBatch / seconds, latencies.At(50), latencies.At(99), latencies.At(99.9));
    }
}
