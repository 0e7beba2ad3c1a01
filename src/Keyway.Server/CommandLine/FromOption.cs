using System.CommandLine;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>--from PROGRAM</c>: whose file it is, where its look does not tell.</summary>
internal sealed class FromOption : Option<ConfigFormat?>
{
    public FromOption()
        : base("--from")
    {
        Description = $"Whose file it is: {string.Join(", ", ConfigFormats.ForeignNames)}; only golemproxy's must be named.";
        HelpName = "PROGRAM";
        CustomParser = argument =>
        {
            ConfigFormat? format = ConfigFormats.Named(argument.Tokens[0].Value);
            if (format is null or ConfigFormat.Keyway)
            {
                argument.AddError($"--from takes one of {string.Join(", ", ConfigFormats.ForeignNames)}.");
            }

            return format;
        };
    }
}
