using BenchmarkDotNet.Running;
using Keyway.MicroBenchmarks.Parsing;

BenchmarkSwitcher.FromAssembly(typeof(RequestScanning).Assembly).Run(args);
