using System.CommandLine;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway locate</c>: which server has a key.</summary>
internal sealed class LocateCommand : Command, IHasExamples
{
    private readonly Option<string> _file = FileOption.Create(required: true);
    private readonly FromOption _from = new();
    private readonly Option<string?> _pool = new("--pool") { Description = "The pool, if the file has several.", HelpName = "NAME" };
    private readonly Option<bool> _hex = new("--hex") { Description = "Keys are written in hexadecimal." };
    private readonly Option<string[]> _eject = new("--eject") { Description = "Take this server to be away; may be repeated.", HelpName = "LABEL" };
    private readonly Argument<string[]> _keys = new("KEY")
    {
        Description = "Keys; '-' reads them from standard input, one a line.",
        Arity = ArgumentArity.OneOrMore,
    };

    public LocateCommand()
        : base("locate", "Tell which server has a key: prints KEY, a tab and the server's label.")
    {
        Add(_file);
        Add(_from);
        Add(_pool);
        Add(_hex);
        Add(_eject);
        Add(_keys);
        SetAction(parsed => (int)Run(parsed));
    }

    public string Examples => """
          keyway locate -c keyway.yml user:1000 user:1001
          keyway locate -c keyway.yml --pool sessions --eject alpha user:1000
          keyway locate -c keyway.yml --hex 00ff10
          redis-cli --scan | keyway locate -c keyway.yml - | cut -f2 | sort | uniq -c
        """;

    private ExitCode Run(ParseResult parsed)
    {
        if (Configurations.Load(parsed.GetRequiredValue(_file), parsed.GetValue(_from)) is not { } config)
        {
            return ExitCode.BadConfiguration;
        }

        try
        {
            PoolConfig pool = Find(config, parsed.GetValue(_pool));
            var locator = new KeyLocator(pool, parsed.GetValue(_eject) ?? []);
            locator.Print(parsed.GetRequiredValue(_keys), parsed.GetValue(_hex));
            return ExitCode.Ok;
        }
        catch (UsageException e)
        {
            Terminal.WriteError($"keyway: {e.Message}", ConsoleColor.Red);
            return ExitCode.BadConfiguration;
        }
    }

    private static PoolConfig Find(KeywayConfig config, string? name)
    {
        string names = string.Join(", ", config.Pools.Select(p => p.Name));
        if (name is null)
        {
            return config.Pools.Count == 1 ? config.Pools[0] : throw new UsageException($"the file has several pools, choose one with --pool: {names}");
        }

        return config.Pools.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal))
            ?? throw new UsageException($"the file has no pool '{name}', it has {names}");
    }
}
