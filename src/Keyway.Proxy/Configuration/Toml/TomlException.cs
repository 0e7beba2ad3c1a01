namespace Keyway.Proxy.Configuration.Toml;

/// <summary>Ends the reading of a TOML file at its first mistake.</summary>
internal sealed class TomlException(long line, long column, string message, string remedy) : Exception(message)
{
    public long Line { get; } = line;

    public long Column { get; } = column;

    public string Remedy { get; } = remedy;
}
