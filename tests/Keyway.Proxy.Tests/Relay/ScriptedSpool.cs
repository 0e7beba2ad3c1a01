using System.Text;
using Keyway.Proxy.Management;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Tests.Relay;

/// <summary>A spool in memory, which keeps what is committed when the test says so, or at once.</summary>
internal sealed class ScriptedSpool : IRecordSpool
{
    private readonly List<Producer> _producers = [];

    /// <summary>What is kept, in order, each record as Latin-1 text.</summary>
    public List<string> Records { get; } = [];

    /// <summary>False: batches are settled within Commit, as with <c>acknowledge: memory</c>.</summary>
    public bool IsManual { get; set; }

    /// <summary>Keep no records, only count them.</summary>
    public bool IsForgetful { get; set; }

    /// <summary>What the next records are told.</summary>
    public Func<WriteResult> Result { get; set; } = static () => WriteResult.Taken;

    public int MaxRecordBytes { get; set; } = 1000;

    public RelayStatus Status { get; set; }

    public int Dropped { get; private set; }

    /// <summary>The one record that is kept, with a time of 1.</summary>
    public string Record => Assert.Single(Records).Replace("1767225600000", "1", StringComparison.Ordinal);

    public void Settle(string? failure = null) => _producers.ForEach(producer => producer.Settle(failure));

    public IWriteProducer CreateProducer(Action onSettled)
    {
        Producer producer = new(this, onSettled);
        _producers.Add(producer);
        return producer;
    }

    public long DropOldest()
    {
        Dropped++;
        return 1;
    }

    public RelayStatus GetStatus() => Status;

    public Undelivered Drain(TimeSpan limit) => new(0, 0);

    public void Dispose()
    {
    }

    private sealed class Producer(ScriptedSpool spool, Action onSettled) : IWriteProducer
    {
        private readonly Queue<string?> _settled = new();
        private long _next = 1;
        private int _appended;
        private int _inFlight;

        public WriteResult Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
        {
            WriteResult result = spool.Result();
            if (result == WriteResult.Taken)
            {
                _appended++;
                if (!spool.IsForgetful)
                {
                    spool.Records.Add(Encoding.Latin1.GetString(frame));
                }
            }

            return result;
        }

        public long Commit()
        {
            long first = _next;
            _next += _appended;
            _appended = 0;
            _inFlight++;
            if (!spool.IsManual)
            {
                Settle(null);
            }

            return first;
        }

        public bool TryTakeSettled(out long last, out string? failure)
        {
            last = _next;
            return _settled.TryDequeue(out failure);
        }

        public void Settle(string? failure)
        {
            for (; _inFlight > 0; _inFlight--)
            {
                _settled.Enqueue(failure);
            }

            onSettled();
        }
    }
}
