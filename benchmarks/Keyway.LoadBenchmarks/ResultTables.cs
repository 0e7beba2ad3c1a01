using System.Globalization;
using System.Text;

namespace Keyway.LoadBenchmarks;

/// <summary>Results as Markdown.</summary>
internal static class ResultTables
{
    /// <summary>Keyway and nutcracker relative to each other, and whether the bars are met.</summary>
    public static string Ratios(IReadOnlyCollection<Result> results)
    {
        var text = new StringBuilder()
            .AppendLine("| load | CPU/request | least to most | bar | met | p50 | p99 | p99.9 | throughput |")
            .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            var rounds = result.Ratios(Target.Keyway, sample => sample.CpuMicroseconds);
            var cpu = Sample.Median(rounds);
            var met = cpu <= result.Scenario.CpuBar ? "yes" : "no";
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {result.Scenario.Title} | {Text(cpu, "F2")} | {Text(rounds.Min(), "F2")}-{Text(rounds.Max(), "F2")} | {result.Scenario.CpuBar:F2} | {(double.IsNaN(cpu) ? "-" : met)} | {Ratio(result, sample => sample.P50)} | " +
                $"{Ratio(result, sample => sample.P99)} | {Ratio(result, sample => sample.P999)} | {Ratio(result, sample => sample.RequestsPerSecond)} |");
        }

        return text.ToString();
    }

    /// <summary>The figures themselves.</summary>
    public static string Figures(IReadOnlyCollection<Result> results)
    {
        var text = new StringBuilder()
            .AppendLine("| load | target | CPU us/request | p50 ms | p99 ms | p99.9 ms | requests/s |")
            .AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            foreach (var (target, samples) in result.Samples)
            {
                var sample = Sample.MedianOf(samples);
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {result.Scenario.Title} | {target} | {Text(sample.CpuMicroseconds, "F3")} | {sample.P50:F3} | {sample.P99:F3} | {sample.P999:F3} | {sample.RequestsPerSecond:F0} |");
            }
        }

        return text.ToString();
    }

    /// <summary>The number, or a dash for one that does not exist.</summary>
    public static string Text(double number, string format) =>
        double.IsNaN(number) ? "-" : number.ToString(format, CultureInfo.InvariantCulture);

    private static string Ratio(Result result, Func<Sample, double> figure) =>
        Text(Sample.Median(result.Ratios(Target.Keyway, figure)), "F2");
}
