using System.Globalization;
using BenchmarkDotNet.Running;
using Keyway.MicroBenchmarks.Journal;
using Keyway.MicroBenchmarks.Parsing;
using Keyway.MicroBenchmarks.Relay;

if (args is ["journal", ..])
{
    JournalAppends.Run(args.Length > 1 ? args[1] : Path.GetTempPath());
}
else if (args is ["replay", ..])
{
    OutageReplay.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2_000_000, args.Length > 2 ? args[2] : Path.GetTempPath());
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(RequestScanning).Assembly).Run(args);
}
