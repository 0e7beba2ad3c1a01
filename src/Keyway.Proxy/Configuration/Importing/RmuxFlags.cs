using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>
/// rmux's command line, in the manner of Go: <c>-name value</c>, <c>-name=value</c>, with one hyphen or two; a flag that is true or false
/// needs no value.
/// </summary>
internal sealed class RmuxFlags
{
    private static readonly string[] PoolFlags =
    [
        "host", "port", "socket", "maxProcesses", "poolSize", "tcpConnections", "unixConnections", "localTimeout", "localReadTimeout",
        "localWriteTimeout", "remoteTimeout", "remoteConnectTimeout", "remoteReadTimeout", "remoteWriteTimeout", "failover",
    ];

    private static readonly string[] ProcessFlags = ["config", "graphite", "timing", "debug", "cpuProfile", "useSyslog"];

    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal) { "failover", "timing", "debug", "useSyslog" };

    // What Go takes for true, and for false.
    private static readonly HashSet<string> True = new(StringComparer.Ordinal) { "1", "t", "T", "TRUE", "true", "True" };
    private static readonly HashSet<string> False = new(StringComparer.Ordinal) { "0", "f", "F", "FALSE", "false", "False" };

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private RmuxFlags()
    {
    }

    /// <summary>The JSON file that is named, or null.</summary>
    public string? ConfigFile => _values.TryGetValue("config", out string? file) && file.Length > 0 ? file : null;

    /// <summary>The flags, or null after reporting why they are none.</summary>
    public static RmuxFlags? Parse(IReadOnlyList<string> args, Reading reading)
    {
        RmuxFlags flags = new();
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            string body = arg.StartsWith("--", StringComparison.Ordinal) ? arg[2..] : arg.StartsWith('-') ? arg[1..] : "";
            int equals = body.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? body : body[..equals];
            if (!PoolFlags.Contains(name) && !ProcessFlags.Contains(name))
            {
                string? near = Nearest.To(name, PoolFlags.Concat(ProcessFlags));
                reading.Error(0, 0, $"{Quoting.Show(arg)} is no flag of rmux", near is null ? "its flags are in docs/importing.md" : $"did you mean '-{near}'?");
                return null;
            }

            string? value = equals >= 0 ? body[(equals + 1)..] : Switches.Contains(name) ? "true" : i + 1 < args.Count ? args[++i] : null;
            if (value is null)
            {
                reading.Error(0, 0, $"-{name} has no value", $"write -{name} and its value");
                return null;
            }

            if (Switches.Contains(name) && !True.Contains(value) && !False.Contains(value))
            {
                reading.Error(0, 0, $"-{name} is neither true nor false", $"write -{name}, or -{name}=false");
                return null;
            }

            flags._values[name] = Switches.Contains(name) ? (True.Contains(value) ? "true" : "false") : value;
        }

        return flags;
    }

    /// <summary>The pool that the flags describe, as rmux's file would have it.</summary>
    public MappingNode ToPool()
    {
        List<ConfigEntry> entries = [];
        Add("host", _values.GetValueOrDefault("host", "localhost"));
        Add("port", _values.GetValueOrDefault("port", "6379"));
        AddList("tcpConnections", _values.GetValueOrDefault("tcpConnections", "localhost:6380 localhost:6381"));
        AddList("unixConnections", _values.GetValueOrDefault("unixConnections", ""));
        foreach (string flag in PoolFlags)
        {
            if (flag is not ("host" or "port" or "tcpConnections" or "unixConnections") && _values.TryGetValue(flag, out string? value))
            {
                Add(flag, value);
            }
        }

        return new MappingNode("", 0, 0, entries);

        void Add(string flag, string value) => entries.Add(new ConfigEntry(Scalar(flag, flag), Scalar($"-{flag}", value)));

        void AddList(string flag, string values) => entries.Add(new ConfigEntry(
            Scalar(flag, flag),
            new SequenceNode($"-{flag}", 0, 0, [.. values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => Scalar($"-{flag}", v))])));
    }

    /// <summary>Carries over the flags that concern the whole process.</summary>
    public void Apply(ImportedFile file, Reading reading)
    {
        if (ConfigFile is not null && PoolFlags.Where(_values.ContainsKey).ToArray() is { Length: > 0 } ignored)
        {
            reading.Warn(Scalar("", ""), $"-{string.Join(", -", ignored)} have no effect beside -config, as in rmux", "set them in the file");
        }

        if (IsOn("debug"))
        {
            file.Set("log", "level", Scalar("-debug", ""), "debug", "-debug");
        }

        Leave("graphite", "Keyway sends no statsd datagrams");
        Leave("timing", "Keyway sends no statsd datagrams");
        Leave("cpuProfile", "Keyway writes no profile");
        Leave("useSyslog", "Keyway logs to standard error");

        void Leave(string flag, string reason)
        {
            if (_values.TryGetValue(flag, out string? value) && value is not ("" or "false"))
            {
                reading.Warn(Scalar("", ""), $"-{flag} is not carried over: {reason}", "remove it");
                file.Remarks.Add($"-{flag}: {reason}");
            }
        }
    }

    private bool IsOn(string flag) => _values.TryGetValue(flag, out string? value) && value is "true";

    private static ScalarNode Scalar(string path, string value) => new(path, 0, 0, value, isNull: false);
}
