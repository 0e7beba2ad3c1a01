using System.CommandLine;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway schema</c>: prints the JSON schema of the configuration, for editors. Makes docs/keyway.schema.json.</summary>
internal sealed class SchemaCommand : Command
{
    public SchemaCommand()
        : base("schema", "Print the JSON schema of the configuration, for editors.")
    {
        Hidden = true;
        SetAction(_ => Console.Out.Write(ConfigSchema.Text()));
    }
}
