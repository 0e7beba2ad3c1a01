using System.Globalization;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Short;

/// <summary>Clients that open a connection, ask once and close: directly and through Keyway, on loopback and over an emulated distance.</summary>
internal static class ShortBenchmark
{
    /// <summary>Measures everything; <paramref name="relays"/> takes what the relays say of their precision.</summary>
    public static IReadOnlyList<PageResult> Run(LoadOptions options, ICollection<string> relays, Action<string> report)
    {
        var (proxyCpus, loadCpus) = Machine.Cpus();
        if (loadCpus is not null)
        {
            // The pages come from threads of this process.
            using var pin = ChildProcess.Start("taskset", ["-a", "-c", "-p", loadCpus, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
            pin.WaitForExit(TimeSpan.FromSeconds(10));
        }

        var results = new List<PageResult>();
        foreach (var page in new[] { Page.Get, Page.AuthSelectGet })
        {
            using var fleet = new PageFleet(page, proxyCpus, loadCpus);
            results.Add(new PageResult(IsRemote: false, page, Measure("loopback", page, fleet.Loopback, options, report)));
            results.Add(new PageResult(IsRemote: true, page, Measure("remote", page, fleet.Remote, options, report)));
            relays.Add(fleet.StopRelay());
        }

        return results;
    }

    private static Dictionary<string, List<PageSample>> Measure(
        string link, Page page, IReadOnlyList<PageTarget> targets, LoadOptions options, Action<string> report)
    {
        foreach (var target in targets)
        {
            target.Measure(page, options.Pages, target.Proxy is null ? 0.2 : options.WarmUpSeconds);
        }

        var samples = targets.ToDictionary(target => target.Name, _ => new List<PageSample>(), StringComparer.Ordinal);
        for (var round = 1; round <= options.Rounds; round++)
        {
            // Every other round goes backwards: a machine that gets busier must not favour whoever comes first.
            foreach (var target in round % 2 == 1 ? targets : targets.Reverse())
            {
                var sample = target.Measure(page, options.Pages, options.Seconds);
                samples[target.Name].Add(sample);
                report(string.Create(CultureInfo.InvariantCulture,
                    $"{link,-8} {page.Title,-17} round {round} {target.Name,-19} {sample.PagesPerSecond,7:F0}/s  p50 {sample.P50:F3}  p99 {sample.P99:F3} ms  " +
                    $"redis {sample.ServerMicroseconds:F1}  keyway {ResultTables.Text(sample.ProxyMicroseconds, "F1")} us"));
            }
        }

        return samples;
    }
}
