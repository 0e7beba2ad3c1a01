namespace Keyway.WriteBehind.Batching;

/// <summary>
/// How fast a sink is sent to. There is no limit until the sink throttles; then it is what the sink took in the last second, and from there additive
/// increase and multiplicative decrease (AIMD, Chiu and Jain 1989). The limit is one of bytes; quotas of records and calls bind it just as well, since the size of
/// records changes slowly beside it.
/// </summary>
/// <remarks>
/// Services count by the second, so that bytes are given out in quarters of one. A call may overdraw, and the next waits until that is made up.
/// </remarks>
internal sealed class Pace(TimeProvider time)
{
    private const double Decrease = 0.7;

    /// <summary>Calls under way when the limit goes down were sent by the old one: they are no reason for another step.</summary>
    private const double SecondsBetweenDecreases = 1;

    /// <summary>Of the rate at the last throttling, in a second: six seconds make up for a step down.</summary>
    private const double Increase = 0.05;

    /// <summary>So many times that rate, which is a minute without being throttled: the quota is another one.</summary>
    private const double Forget = 4;

    private const double Share = 0.25;
    private const double LeastRate = 1024;

    private readonly long _start = time.GetTimestamp();
    private double _rate = double.PositiveInfinity;
    private double _reference;
    private double _allowed;
    private double _now;
    private double _decreasedAt = double.NegativeInfinity;
    private long _second;
    private long _takenInSecond;
    private long _takenBefore;

    /// <summary>Bytes a second; infinite while nothing throttles.</summary>
    internal double Rate => _rate;

    /// <summary>Most bytes that the next call should have.</summary>
    internal long MostBytes => double.IsInfinity(_rate) ? long.MaxValue : Math.Max(1, (long)(_rate * Share));

    /// <summary>How long the next call has to wait.</summary>
    internal TimeSpan Wait()
    {
        Advance();
        return double.IsInfinity(_rate) || _allowed > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _allowed) / _rate);
    }

    /// <summary>A call with so many bytes leaves.</summary>
    internal void Spend(long bytes) => _allowed -= bytes;

    /// <summary>The sink took so many bytes.</summary>
    internal void Taken(long bytes)
    {
        Advance();
        long second = (long)_now;
        if (second != _second)
        {
            (_takenBefore, _takenInSecond, _second) = (second == _second + 1 ? _takenInSecond : 0, 0, second);
        }

        _takenInSecond += bytes;
    }

    /// <summary>The sink found it too much.</summary>
    /// <param name="tried">Bytes of the call.</param>
    internal void Throttled(long tried)
    {
        Taken(0);
        if (_now - _decreasedAt < SecondsBetweenDecreases)
        {
            return;
        }

        long taken = Math.Max(_takenInSecond, _takenBefore);
        _reference = double.IsInfinity(_rate) ? taken > 0 ? taken / Decrease : tried : _rate;
        _rate = Math.Max(LeastRate, _reference * Decrease);
        _decreasedAt = _now;
        _allowed = Math.Min(_allowed, 0);
    }

    private void Advance()
    {
        double now = time.GetElapsedTime(_start).TotalSeconds;
        double passed = now - _now;
        _now = now;
        if (double.IsInfinity(_rate))
        {
            return;
        }

        _allowed = Math.Min(_allowed + _rate * passed, _rate * Share);
        _rate += _reference * Increase * passed;
        if (_rate > _reference * Forget)
        {
            (_rate, _allowed) = (double.PositiveInfinity, 0);
        }
    }
}
