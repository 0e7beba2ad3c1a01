namespace Keyway.WriteBehind.Sinks;

/// <summary>A record that was not accepted in a call that was.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Reason">What the sink says, at most a line.</param>
/// <param name="IsThrottled">It was too much at a time.</param>
/// <param name="IsRefused">It will never be accepted.</param>
public readonly record struct FailedRecord(int Index, string Reason, bool IsThrottled = false, bool IsRefused = false);
