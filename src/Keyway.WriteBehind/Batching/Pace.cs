namespace Keyway.WriteBehind.Batching;

/// <summary>
/// How fast a sink is sent to. There is no limit until the sink throttles; from there additive increase and multiplicative decrease (AIMD, Chiu and Jain 1989), down to
/// a little less than what the sink took in the last second: a service that says now and then that it is too much, whatever it is sent, is not starved. The limit is one of
/// bytes; quotas of records and calls bind it just as well, since the size of records changes slowly beside it.
/// </summary>
/// <remarks>
/// Services count by the second, so that bytes are given out in quarters of one. A call may overdraw, and the next waits until that is made up.
/// </remarks>
internal sealed class Pace(TimeProvider time)
{
    /// <summary>Of what was taken in the last second: the next seconds are to be quiet.</summary>
    private const double Margin = 0.85;

    private const double LargestStep = 0.5;
    private const double SmallestStep = 0.95;

    /// <summary>Calls under way when the limit goes down were sent by the old one: they are no reason for another step.</summary>
    private const double SecondsBetweenDecreases = 1;

    /// <summary>Of the rate after the last throttling, in a second: three or four make up for a step down.</summary>
    private const double Increase = 0.05;

    /// <summary>So many times that rate, which is a minute without being throttled: the quota is another one.</summary>
    private const double Forget = 4;

    private const double Share = 0.25;

    /// <summary>Far below any service's quota. Where it is too much, waits after calls of which nothing was taken do the rest.</summary>
    private const double LeastRate = 64 * 1024;

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

        double taken = Math.Max(_takenInSecond, _takenBefore);
        _reference = double.IsInfinity(_rate) ? Math.Max(taken, tried) : Math.Clamp(taken * Margin, _rate * LargestStep, _rate * SmallestStep);
        _reference = Math.Max(LeastRate, _reference);
        _rate = _reference;
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
