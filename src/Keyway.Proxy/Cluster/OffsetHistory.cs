namespace Keyway.Proxy.Cluster;

/// <summary>How far a primary's replication stream had come, and when.</summary>
internal sealed class OffsetHistory
{
    private const int Most = 64;

    private readonly Queue<(long Time, long Offset)> _samples = new();
    private string _id = "";

    /// <summary>At this time (or later) the stream was so far.</summary>
    /// <param name="time">The reactor's milliseconds, rising.</param>
    /// <param name="id">The stream's name: offsets of different streams say nothing about each other.</param>
    /// <param name="offset">Bytes.</param>
    internal void Add(long time, string id, long offset)
    {
        if (id != _id)
        {
            _samples.Clear();
            _id = id;
        }

        if (_samples.Count == Most)
        {
            _samples.Dequeue();
        }

        _samples.Enqueue((time, offset));
    }

    /// <summary>The last time at which the stream was not further than this; 0 if that is not known.</summary>
    internal long TimeOf(string id, long offset)
    {
        long last = 0;
        if (id == _id)
        {
            foreach ((long time, long reached) in _samples)
            {
                last = reached <= offset ? time : last;
            }
        }

        return last;
    }
}
