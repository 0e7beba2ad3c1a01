namespace Keyway.Proxy.Cluster;

/// <summary>
/// Which of the Sentinels' answers is right: that of the newest epoch. Epochs begin anew when the Sentinels are set up anew; then what most of them say is right, once
/// they have said it for a while.
/// </summary>
/// <param name="sentinels">How many there are.</param>
internal sealed class MasterChoice(int sentinels)
{
    /// <summary>Milliseconds: Sentinels tell each other of a switch every two seconds.</summary>
    internal const int PatienceMilliseconds = 5000;

    private readonly Answer?[] _answers = new Answer?[sentinels]; // the last one of each; null for one that does not answer
    private readonly bool[] _isHeard = new bool[sentinels]; // answered, or is known not to
    private long _epoch = -1;
    private string _left = "";
    private long? _outvotedSince;
    private bool _isOverdue;

    /// <summary>The master by the answers so far; empty before the first.</summary>
    internal string Current { get; private set; } = "";

    /// <summary>
    /// False at the start, while a Sentinel that has not answered yet could know better: one that was away answers with what it knew before. All must have been heard, or
    /// most must agree.
    /// </summary>
    internal bool IsSettled => Current.Length > 0 && (_isOverdue || !_isHeard.Contains(false) || Votes(Current) * 2 > sentinels);

    /// <summary>Who has not answered by now is waited for no longer.</summary>
    internal void Settle() => _isOverdue = true;

    /// <summary>A Sentinel does not answer.</summary>
    internal void OnSilent(int sentinel)
    {
        _isHeard[sentinel] = true;
        _answers[sentinel] = null;
    }

    /// <summary>Takes one Sentinel's answer; false if it is out of date.</summary>
    /// <param name="sentinel">The number of the Sentinel.</param>
    /// <param name="epoch">The configuration epoch of what the Sentinel knows.</param>
    /// <param name="master">The master's name.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="isSwitching">True if this Sentinel is in the middle of a fail-over: then it has the new epoch and still the old address.</param>
    internal bool Take(int sentinel, long epoch, string master, long now, bool isSwitching = false)
    {
        _isHeard[sentinel] = true;
        _answers[sentinel] = isSwitching ? null : new Answer(epoch, master);
        if (IsNewest(epoch, master, isSwitching))
        {
            Follow(epoch, master);
        }
        else if (Outvotes(_answers[sentinel]) && now - (_outvotedSince ??= now) >= PatienceMilliseconds)
        {
            _epoch = epoch;
            _left = "";
            Current = master;
        }

        if (!_answers.Any(Outvotes))
        {
            _outvotedSince = null;
        }

        return master == Current;
    }

    private bool IsNewest(long epoch, string master, bool isSwitching) =>
        epoch > _epoch || (epoch == _epoch && !(isSwitching && master != Current) && master != _left);

    private void Follow(long epoch, string master)
    {
        // Whoever heard of the old address in the new epoch has come to the new one: within an epoch there is no way back, in a later one there is.
        _left = epoch > _epoch ? "" : _left;
        _epoch = epoch;
        if (master != Current)
        {
            _left = Current;
            Current = master;
        }
    }

    /// <summary>True if most Sentinels name this master, and none the present one with a newer epoch.</summary>
    private bool Outvotes(Answer? answer) => answer is { } one && one.Master != Current && Votes(one.Master) * 2 > sentinels
        && !_answers.Any(other => other is { } known && known.Master == Current && known.Epoch > one.Epoch);

    private int Votes(string master) => _answers.Count(answer => answer?.Master == master);

    private readonly record struct Answer(long Epoch, string Master);
}
