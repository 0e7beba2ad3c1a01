namespace Keyway.WriteBehind.Sinks;

/// <summary>What became of a call.</summary>
public enum SinkVerdict
{
    /// <summary>All records were accepted but for <see cref="SinkResult.Failed"/>.</summary>
    Accepted,

    /// <summary>None is known to be accepted; the same call may succeed later.</summary>
    Retry,

    /// <summary>The sink refuses the batch for something in it: a part of it, or a record, may be accepted.</summary>
    Refused,

    /// <summary>The sink refuses whatever is sent until somebody acts: no such stream, no permission.</summary>
    Parked,
}
