using System.CommandLine;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway schema</c>: prints the JSON schema of the configuration, for editors. Makes docs/keyway.schema.json.</summary>
internal sealed class SchemaCommand : Command, IHasExamples
{
    public SchemaCommand()
        : base("schema", "Print the JSON schema of the configuration, for editors.")
    {
        SetAction(_ => Console.Out.Write(ConfigSchema.Text()));
    }

    public string Examples => """
          keyway schema > keyway.schema.json      then, first in keyway.yml:
          # yaml-language-server: $schema=keyway.schema.json
        """;
}
