namespace Keyway.IntegrationTests.CommandLine;

/// <summary>A configuration file that is gone when the test is.</summary>
internal sealed class ConfigFile : IDisposable
{
    public ConfigFile(string text) => File.WriteAllText(Path, text);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"keyway-{Guid.NewGuid():N}.yml");

    public void Dispose() => File.Delete(Path);
}
