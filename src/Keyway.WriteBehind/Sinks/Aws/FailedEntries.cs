namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>What AWS says of single records in an answer that is otherwise good.</summary>
internal static class FailedEntries
{
    /// <summary>A record that failed.</summary>
    public static FailedRecord Record(int index, string code, string message)
    {
        var kind = AwsErrorTable.KindOf(200, code, message);
        var reason = OneLine.Of(message.Length == 0 ? code : $"{code}: {message}");
        return new FailedRecord(index, reason, kind is AwsErrorKind.Throttled, kind is AwsErrorKind.Content);
    }

    /// <summary>The outcome of a call in which these failed.</summary>
    public static SinkResult Result(List<FailedRecord> failed) => failed.Count == 0 ? SinkResult.Ok : new SinkResult
    {
        Verdict = SinkVerdict.Accepted,
        Failed = failed,
        IsThrottled = failed.Exists(static record => record.IsThrottled),
        Reason = failed[0].Reason,
    };
}
