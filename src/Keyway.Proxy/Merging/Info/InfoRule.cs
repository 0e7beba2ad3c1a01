namespace Keyway.Proxy.Merging.Info;

/// <summary>How a field of several servers' INFO becomes one.</summary>
internal enum InfoRule
{
    /// <summary>Facts (version, mode, role...): the first server's.</summary>
    First,

    /// <summary>Numbers that add up, so that the pool looks like one large server.</summary>
    Sum,

    /// <summary>Comma-separated <c>name=value</c> counts (<c>db0</c>, <c>cmdstat_get</c>, <c>errorstat_ERR</c>): each count adds up, averages are weighted.</summary>
    Counts,

    /// <summary><c>x_human</c>: from the sum of <c>x</c>.</summary>
    Human,

    /// <summary>Ratios, percentages and percentiles: no one number stands for several servers.</summary>
    Drop,
}
