using System.Globalization;
using System.Text;

namespace Keyway.LoadBenchmarks.Memcached;

/// <summary>What a second reactor gives, as Markdown.</summary>
internal static class ReactorTable
{
    public static string Of(IReadOnlyCollection<Result> results)
    {
        var text = new StringBuilder()
            .AppendLine("| load | reactors | requests/s | CPUs that Keyway uses | p50 ms | p99 ms |")
            .AppendLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            foreach (var (target, samples) in result.Samples)
            {
                var sample = Sample.MedianOf(samples);
                var busy = Sample.Median(samples.Select(static one => one.CpuMicroseconds * one.RequestsPerSecond / 1e6));
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {result.Scenario.Title} | {(target == Target.KeywayTwo ? 2 : 1)} | {sample.RequestsPerSecond:F0} | {busy:F2} | {sample.P50:F3} | {sample.P99:F3} |");
            }
        }

        return text.ToString();
    }
}
