namespace Keyway.WriteBehind.Sinks;

/// <summary>A place where records go. Calls may run at the same time.</summary>
public interface ISink : IAsyncDisposable
{
    /// <summary>What it is, for people: <c>firehose stream-name</c>. Has no secrets.</summary>
    string Name { get; }

    /// <summary>What it takes.</summary>
    SinkLimits Limits { get; }

    /// <summary>Delivers a batch within the limits, in one call and without trying again: that is the caller's.</summary>
    /// <param name="records">At least one.</param>
    /// <param name="stop">Gives up; the records may have arrived.</param>
    /// <returns>What became of them. Failures of network and service are results, not exceptions.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop);
}
