namespace Keyway.Proxy.Cluster;

/// <summary>Which of the Sentinels' answers is right: that of the newest epoch.</summary>
internal sealed class MasterChoice
{
    private long _epoch = -1;
    private string _left = "";

    /// <summary>The master by the answers so far; empty before the first.</summary>
    internal string Current { get; private set; } = "";

    /// <summary>Takes one Sentinel's answer; false if it is out of date.</summary>
    /// <param name="epoch">The configuration epoch of what the Sentinel knows.</param>
    /// <param name="master">The master's name.</param>
    /// <param name="isSwitching">True if this Sentinel is in the middle of a fail-over: then it has the new epoch and still the old address.</param>
    internal bool Take(long epoch, string master, bool isSwitching = false)
    {
        if (epoch < _epoch || (isSwitching && epoch == _epoch && master != Current))
        {
            return false;
        }

        if (epoch > _epoch)
        {
            _epoch = epoch;
            _left = "";
        }

        // Whoever heard of the old address in the new epoch has come to the new one: within an epoch there is no way back, in a later one there is.
        if (master == _left)
        {
            return false;
        }

        if (master != Current)
        {
            _left = Current;
            Current = master;
        }

        return true;
    }
}
