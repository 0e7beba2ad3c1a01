using System.Text;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>A sink that does with each call what the test says, and remembers what it took. Calls may come from several threads.</summary>
internal sealed class ScriptedSink : ISink
{
    private readonly Lock _lock = new();

    /// <summary>What becomes of a call, from its number (from 0) and its records.</summary>
    public Func<int, string[], Task<SinkResult>> Script { get; set; } = static (_, _) => Task.FromResult(SinkResult.Ok);

    public string Name => "scripted";

    public SinkLimits Limits { get; set; } = new() { Records = 5, Bytes = 1 << 20, RecordBytes = 1 << 16 };

    /// <summary>The records of each call.</summary>
    public List<string[]> Calls { get; } = [];

    /// <summary>The numbers of the records of each call.</summary>
    public List<long[]> Ids { get; } = [];

    /// <summary>What was accepted, in order.</summary>
    public List<string> Accepted { get; } = [];

    public int UnderWay { get; private set; }

    public int MostUnderWay { get; private set; }

    /// <summary>An answer.</summary>
    public static Task<SinkResult> Answer(SinkVerdict verdict, string reason = "scripted", TimeSpan? retryAfter = null, bool isThrottled = false) =>
        Task.FromResult(new SinkResult { Verdict = verdict, Reason = reason, RetryAfter = retryAfter, IsThrottled = isThrottled });

    /// <summary>Accepts all but some.</summary>
    public static Task<SinkResult> Fail(params FailedRecord[] failed) =>
        Task.FromResult(new SinkResult { Verdict = SinkVerdict.Accepted, Failed = failed });

    public async Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        string[] texts = [.. records.Select(static record => Encoding.Latin1.GetString(record.Data.Span))];
        int number;
        lock (_lock)
        {
            number = Calls.Count;
            Calls.Add(texts);
            Ids.Add([.. records.Select(static record => record.Id)]);
            MostUnderWay = Math.Max(MostUnderWay, ++UnderWay);
        }

        try
        {
            SinkResult result = await Script(number, texts).WaitAsync(stop).ConfigureAwait(false);
            if (result.Verdict == SinkVerdict.Accepted)
            {
                HashSet<int> failed = [.. result.Failed.Select(static record => record.Index)];
                lock (_lock)
                {
                    Accepted.AddRange(texts.Where((_, i) => !failed.Contains(i)));
                }
            }

            return result;
        }
        finally
        {
            lock (_lock)
            {
                UnderWay--;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
