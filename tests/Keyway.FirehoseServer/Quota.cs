namespace Keyway.FirehoseServer;

/// <summary>What a stream takes in each second of the clock, as Firehose counts it. Any thread.</summary>
internal sealed class Quota(FirehoseServerOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Second> _streams = new(StringComparer.Ordinal);

    /// <summary>How many of the records, from the first, are within the quota; they count.</summary>
    public int Take(string stream, IReadOnlyList<byte[]> records, DateTimeOffset now)
    {
        lock (_lock)
        {
            long second = now.ToUnixTimeSeconds();
            if (!_streams.TryGetValue(stream, out Second? used) || used.At != second)
            {
                _streams[stream] = used = new Second(second);
            }

            used.Requests++;
            if (IsOver(used.Requests, options.RequestsPerSecond))
            {
                return 0;
            }

            int taken = 0;
            foreach (byte[] data in records)
            {
                if (IsOver(used.Records + 1, options.RecordsPerSecond) || IsOver(used.Bytes + data.Length, options.BytesPerSecond))
                {
                    break;
                }

                used.Records++;
                used.Bytes += data.Length;
                taken++;
            }

            return taken;
        }
    }

    private static bool IsOver(long used, long bound) => bound > 0 && used > bound;

    private sealed class Second(long at)
    {
        public long At => at;

        public long Requests { get; set; }

        public long Records { get; set; }

        public long Bytes { get; set; }
    }
}
