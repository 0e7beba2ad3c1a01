using BenchmarkDotNet.Running;
using Keyway.MicroBenchmarks.Journal;
using Keyway.MicroBenchmarks.Parsing;

if (args is ["journal", ..])
{
    JournalAppends.Run(args.Length > 1 ? args[1] : Path.GetTempPath());
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(RequestScanning).Assembly).Run(args);
}
