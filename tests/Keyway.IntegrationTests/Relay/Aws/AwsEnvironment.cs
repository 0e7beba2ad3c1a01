using System.Runtime.CompilerServices;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>Environment variables of AWS for one test: none but those given. For tests that run alone.</summary>
internal sealed class AwsEnvironment : IDisposable
{
    private static readonly string Files = Path.Combine(Path.GetTempPath(), $"keyway-test-aws-{Environment.ProcessId}");
    private readonly Dictionary<string, string?> _before = new(StringComparer.Ordinal);

    /// <summary>The file of profiles: the same for all tests of this process, since the SDK asks for its name once.</summary>
    public static string CredentialsFile => Path.Combine(Files, "credentials");

    /// <summary>No test finds credentials that the machine happens to have, nor do processes that tests start.</summary>
    [ModuleInitializer]
    internal static void HideTheMachinesOwn()
    {
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", CredentialsFile);
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", Path.Combine(Files, "config"));
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
    }

    public AwsEnvironment(params (string Name, string Value)[] variables)
    {
        Directory.CreateDirectory(Files);
        string[] kept = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_EC2_METADATA_DISABLED"];
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Except(kept).Where(static name => name.StartsWith("AWS_", StringComparison.Ordinal)))
        {
            Set(name, null);
        }

        foreach ((string name, string value) in variables)
        {
            Set(name, value);
        }
    }

    public void Dispose()
    {
        Directory.Delete(Files, recursive: true);
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
