using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>The scripts of this folder, and the npm packages that they use.</summary>
internal static class Scripts
{
    public static readonly string Modules = Path.Combine(KeywayProcess.RepositoryRoot(), "artifacts", "clients", "node_modules");

    public static string PathOf(string script) => Path.Combine(AppContext.BaseDirectory, "Relay", "Aws", "Scripts", script);
}
