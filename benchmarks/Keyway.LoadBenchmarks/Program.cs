using Keyway.LoadBenchmarks;
using Keyway.LoadBenchmarks.Cluster;
using Keyway.LoadBenchmarks.Cycles;
using Keyway.LoadBenchmarks.Memcached;
using Keyway.LoadBenchmarks.Relay;
using Keyway.LoadBenchmarks.Short;
using Keyway.Testing;

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"load: {exception.Message}\n\n{LoadOptions.Usage}");
    return 2;
}

if (options.Help)
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}

if (options.Keyway is not null)
{
    Environment.SetEnvironmentVariable("KEYWAY_EXE", options.Keyway);
}

if (options.Smart)
{
    var table = CycleBenchmark.Run(options, Console.WriteLine);
    Console.WriteLine($"\n{table}");
    if (!options.Quick || options.Output is not null)
    {
        File.WriteAllText(
            options.Output ?? Path.Combine(KeywayProcess.RepositoryRoot(), "benchmarks", "RESULTS-smart.md"),
            $"# Smart mode\n\nMade by `benchmarks/load {string.Join(' ', args)}`: PHP scripts and a server 0.5 ms away in each direction.\n\n{Machine.Describe()}\n\n{table}");
    }

    return 0;
}

if (options.Relay)
{
    var table = RelayBenchmark.Run(options, Console.WriteLine);
    Console.WriteLine($"\n{table}");
    if (!options.Quick || options.Output is not null)
    {
        RelayResultsFile.Write(options.Output ?? Path.Combine(KeywayProcess.RepositoryRoot(), "benchmarks", "RESULTS-relay.md"), table, options, args);
    }

    return 0;
}

if (options.Short)
{
    var relays = new List<string>();
    var pages = ShortBenchmark.Run(options, relays, Console.WriteLine);
    Console.WriteLine($"\n{string.Join('\n', relays)}\n\n{ShortTables.Figures(pages)}\n{ShortTables.Ratios(pages)}");
    if (!options.Quick || options.Output is not null)
    {
        ShortResultsFile.Write(options.Output ?? Path.Combine(KeywayProcess.RepositoryRoot(), "benchmarks", "RESULTS-short.md"), pages, relays, options, args);
    }

    return 0;
}

if (options.Cluster)
{
    var tables = ClusterBenchmark.Run(options, Console.WriteLine);
    Console.WriteLine($"\n{tables}");
    if (!options.Quick || options.Output is not null)
    {
        ClusterResultsFile.Write(options.Output ?? Path.Combine(KeywayProcess.RepositoryRoot(), "benchmarks", "RESULTS-cluster.md"), tables, options, args);
    }

    return 0;
}

if (options.Memcached)
{
    var compared = MemcachedBenchmark.Compare(options, Console.WriteLine);
    var reactors = MemcachedBenchmark.CompareReactors(options, Console.WriteLine);
    Console.WriteLine($"\n{ResultTables.Figures(compared)}\n{ResultTables.Ratios(compared)}\n{ReactorTable.Of(reactors)}");
    if (options.Output is not null || (!options.Quick && options.Scenario.Length == 0))
    {
        MemcachedResultsFile.Write(
            options.Output ?? Path.Combine(KeywayProcess.RepositoryRoot(), "benchmarks", "RESULTS-memcached.md"), compared, reactors, options, args);
    }

    return 0;
}

var scenarios = RedisScenario.All.Where(scenario => scenario.Name.Contains(options.Scenario, StringComparison.Ordinal));
if (options.Quick && options.Scenario.Length == 0)
{
    scenarios = scenarios.Where(scenario => scenario.Name is "get-1-p16" or "mget-4");
}

var (proxyCpus, loadCpus) = Machine.Cpus();
using var fleet = Fleet.OfRedis(proxyCpus, options.Apart ? loadCpus : proxyCpus);
var results = scenarios.Select(scenario => Comparison.Run(scenario, fleet, options, loadCpus, Console.WriteLine)).ToArray();
if (results.Length == 0)
{
    Console.Error.WriteLine($"load: no scenario is named like '{options.Scenario}': {string.Join(", ", RedisScenario.All.Select(scenario => scenario.Name))}");
    return 2;
}

Console.WriteLine();
Console.WriteLine(ResultTables.Figures(results));
Console.WriteLine(ResultTables.Ratios(results));
var isComplete = results.Length == RedisScenario.All.Count && options.Targets.Contains(Target.Keyway, StringComparer.Ordinal);
if (options.Output is not null || (isComplete && !options.Quick))
{
    ResultsFile.Write(options.Output ?? Path.Combine(KeywayProcess.RepositoryRoot(), "benchmarks", options.Apart ? "RESULTS-apart.md" : "RESULTS.md"), results, options, args);
}

return 0;
