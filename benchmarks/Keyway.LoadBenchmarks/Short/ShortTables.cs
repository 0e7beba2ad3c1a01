using System.Globalization;
using System.Text;

namespace Keyway.LoadBenchmarks.Short;

/// <summary>Results as Markdown.</summary>
internal static class ShortTables
{
    private const double RemoteTimeBar = 0.3;
    private const double ServerCpuBar = 0.5;

    /// <summary>Keyway relative to a direct connection, and whether the bars are met.</summary>
    public static string Ratios(IReadOnlyCollection<PageResult> results)
    {
        var text = new StringBuilder()
            .AppendLine("| link | page | target | relative to | time (p50) | least to most | bar | met | redis-server's CPU | least to most | bar | met |")
            .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            foreach (var (target, peer) in Pairs(result))
            {
                var time = result.Ratios(target, peer, sample => sample.P50);
                var cpu = result.Ratios(target, peer, sample => sample.ServerMicroseconds);
                var timeBar = result.IsRemote && result.Page == Page.AuthSelectGet ? RemoteTimeBar : double.NaN;
                var cpuBar = !result.IsRemote && target == PageTarget.KeywayUnix ? ServerCpuBar : double.NaN;
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {result.Link} | {result.Page.Title} | {target} | {peer} | {Figure(time, timeBar)} | {Figure(cpu, cpuBar)} |");
            }
        }

        return text.ToString();
    }

    /// <summary>The figures themselves.</summary>
    public static string Figures(IReadOnlyCollection<PageResult> results)
    {
        var text = new StringBuilder()
            .AppendLine("| link | page | target | pages/s | p50 ms | p99 ms | redis-server CPU us/page | Keyway CPU us/page |")
            .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            foreach (var (target, samples) in result.Samples)
            {
                var sample = PageSample.MedianOf(samples);
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {result.Link} | {result.Page.Title} | {target} | {sample.PagesPerSecond:F0} | {sample.P50:F3} | {sample.P99:F3} | " +
                    $"{sample.ServerMicroseconds:F1} | {ResultTables.Text(sample.ProxyMicroseconds, "F1")} |");
            }
        }

        return text.ToString();
    }

    // A unix socket in front of Keyway replaces whichever way to the server there was; on loopback that may have been the server's own.
    private static IEnumerable<(string Target, string Peer)> Pairs(PageResult result)
    {
        yield return (PageTarget.Keyway, PageTarget.Direct);
        yield return (PageTarget.KeywayUnix, PageTarget.Direct);
        if (!result.IsRemote)
        {
            yield return (PageTarget.KeywayUnix, PageTarget.DirectUnix);
        }
    }

    private static string Figure(double[] rounds, double bar)
    {
        var median = Sample.Median(rounds);
        var met = median <= bar ? "yes" : "no";
        return string.Create(CultureInfo.InvariantCulture,
            $"{median:F2} | {rounds.Min():F2}-{rounds.Max():F2} | {ResultTables.Text(bar, "F2")} | {(double.IsNaN(bar) ? "-" : met)}");
    }
}
