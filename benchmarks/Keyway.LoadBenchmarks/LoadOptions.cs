using System.Globalization;

namespace Keyway.LoadBenchmarks;

/// <summary>The command line.</summary>
internal sealed record LoadOptions
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Usage = """
        Usage: benchmarks/load [short | memcached | cluster | smart | relay] [options]

          short                short-lived clients, directly and through Keyway, instead of nutcracker's loads; takes
                               --quick, --rounds, --seconds, --pages, --keyway and --output (default benchmarks/RESULTS-short.md)
          memcached            memcached instead of Redis; takes --quick, --scenario, --rounds, --seconds, --keyway and --output
                               (default benchmarks/RESULTS-memcached.md)

          cluster              a cluster beside a sharded pool, and MGET beside redis-py's cluster client; takes --quick,
                               --rounds, --seconds, --keyway, --apart and --output (default
                               benchmarks/RESULTS-cluster.md)

          smart                scripts that write much (PHP), directly and through Keyway in sync and smart mode; takes
                               --quick, --rounds, --keyway and --output (default benchmarks/RESULTS-smart.md)

          relay                records into a relay and out to a Firehose-compatible server; takes --quick, --rounds,
                               --seconds, --keyway and --output (default benchmarks/RESULTS-relay.md)

          --quick              one short round of two scenarios, to see that everything works; writes no results
          --scenario NAME      only scenarios whose name contains NAME
          --rounds N           rounds of which the median counts (default 3)
          --seconds S          length of one measurement (default 3)
          --pages N            pages at a time, for short (default 4)
          --targets A,B        of direct, nutcracker, keyway (default all)
          --keyway PATH        the executable to measure (default: what benchmarks/load publishes)
          --apart              the servers share the load generator's CPU instead of the proxy's
          --output FILE        where to write the results (default benchmarks/RESULTS.md, with --apart benchmarks/RESULTS-apart.md)
        """;

    public bool Help { get; private init; }

    /// <summary>Whether the benchmark of relays is to run.</summary>
    public bool Relay { get; private init; }

    /// <summary>Whether the benchmark of short-lived clients is to run.</summary>
    public bool Short { get; private init; }

    /// <summary>Whether the benchmark of smart mode is to run.</summary>
    public bool Smart { get; private init; }

    /// <summary>Whether the benchmark of clusters is to run.</summary>
    public bool Cluster { get; private init; }

    /// <summary>Whether the benchmark of memcached pools is to run.</summary>
    public bool Memcached { get; private init; }

    public bool Quick { get; private init; }

    public string Scenario { get; private init; } = string.Empty;

    public int Rounds { get; private init; } = 3;

    public double Seconds { get; private init; } = 3;

    /// <summary>How many short-lived clients there are at a time.</summary>
    public int Pages { get; private init; } = 4;

    public IReadOnlyList<string> Targets { get; init; } = [Target.Direct, Target.Nutcracker, Target.Keyway];

    public string? Keyway { get; private init; }

    /// <summary>
    /// Where the servers run on two CPUs. With the proxy, it is busy all the time, and what is measured is its work. Apart from it, it idles and wakes for
    /// every request or two, since load and servers are slower together than it is, and half of what is measured is the kernel's waking.
    /// </summary>
    public bool Apart { get; private init; }

    public string? Output { get; private init; }

    /// <summary>The load that lets each proxy reach its steady state first (just-in-time compilation), in seconds.</summary>
    public double WarmUpSeconds => Quick ? 0.2 : 6;

    /// <summary>Reads the arguments; throws <see cref="FormatException"/> with a message for the user.</summary>
    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LoadOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            options = name switch
            {
                "short" => options with { Short = true },
                "smart" => options with { Smart = true },
                "relay" => options with { Relay = true },
                "cluster" => options with { Cluster = true },
                "memcached" => options with { Memcached = true },
                "--help" or "-h" => options with { Help = true },
                "--quick" => options with { Quick = true, Rounds = 1, Seconds = 0.3 },
                "--scenario" => options with { Scenario = Next() },
                "--rounds" => options with { Rounds = int.Parse(Next(), CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(Next(), CultureInfo.InvariantCulture) },
                "--pages" => options with { Pages = int.Parse(Next(), CultureInfo.InvariantCulture) },
                "--targets" => options with { Targets = Next().Split(',') },
                "--apart" => options with { Apart = true },
                "--keyway" => options with { Keyway = Next() },
                "--output" => options with { Output = Next() },
                _ => throw new FormatException($"Unknown option {name}."),
            };

            string Next() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
        }

        return options;
    }
}
