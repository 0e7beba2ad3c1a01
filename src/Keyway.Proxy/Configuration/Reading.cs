using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>The reading of one file: collects every problem with its place, so that all are reported at once.</summary>
internal sealed class Reading(string file, ConfigSurroundings surroundings)
{
    private readonly List<ConfigProblem> _problems = [];
    private readonly List<ConfigProblem> _warnings = [];
    private readonly Dictionary<object, ConfigNode> _sources = new(ReferenceEqualityComparer.Instance);

    public ConfigShape Shape { get; set; } = ConfigShape.Keyway;

    public bool IsNutcracker => Shape == ConfigShape.Nutcracker;

    /// <summary>True once a mistake was found.</summary>
    public bool HasProblems => _problems.Count > 0;

    public ConfigSurroundings Surroundings { get; } = surroundings;

    public void Error(ConfigNode node, string message, string remedy) => Error(node.Line, node.Column, message, remedy);

    public void Error(long line, long column, string message, string remedy) =>
        _problems.Add(new ConfigProblem(file, line, column, message, remedy));

    public void Warn(ConfigNode node, string message, string remedy) =>
        _warnings.Add(new ConfigProblem(file, node.Line, node.Column, message, remedy));

    /// <summary>Takes over what another reading of the same file has found.</summary>
    public void Add(IEnumerable<ConfigProblem> problems) => _problems.AddRange(problems);

    /// <summary>Remembers where a value came from, for checks that look at several values.</summary>
    public void Came(object value, ConfigNode from) => _sources[value] = from;

    public ConfigNode SourceOf(object value) => _sources[value];

    public ConfigResult Finish(KeywayConfig? config) => new()
    {
        Config = _problems.Count == 0 ? config : null,
        Problems = Sorted(_problems),
        Warnings = Sorted(_warnings),
    };

    private static ConfigProblem[] Sorted(List<ConfigProblem> problems) =>
        [.. problems.Distinct().OrderBy(p => p.Line).ThenBy(p => p.Column)];
}
