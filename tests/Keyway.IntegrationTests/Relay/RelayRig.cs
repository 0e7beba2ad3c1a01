using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay;

/// <summary>A relay whose records go to files, with a journal and a password.</summary>
internal sealed class RelayRig : IDisposable
{
    public const string Password = "password-of-the-clients";

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-relay-").FullName;

    public RelayRig(string acknowledge)
    {
        Port = FreePorts.Next();
        HttpPort = FreePorts.Next();
        Keyway = KeywayProcess.Start($"""
            pools:
              events:
                protocol: firehose
                listen: 127.0.0.1:{Port}
                http_listen: 127.0.0.1:{HttpPort}
                password: {Password}
                sink: file
                directory: {Path.Combine(_directory, "files")}
                linger: 50ms
                acknowledge: {acknowledge}
                journal_dir: {Path.Combine(_directory, "journal")}
            """);
    }

    public int Port { get; }

    public int HttpPort { get; }

    public KeywayProcess Keyway { get; }

    /// <summary>The records in the files, once so many are there, without their times.</summary>
    public string[] Records(int count)
    {
        string[] lines = [];
        Wait.Until(() => (lines = Lines()).Length >= count, $"{count} records in the files: {lines.Length}\n{Keyway.Log}");
        return lines;
    }

    public void Dispose()
    {
        Keyway.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string[] Lines()
    {
        try
        {
            return [.. Directory.GetFiles(Path.Combine(_directory, "files"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(Whole).Select(WithoutTime)];
        }
        catch (FileNotFoundException)
        {
            return []; // a file was closed, and renamed, meanwhile
        }
    }

    private static IEnumerable<string> Whole(string file)
    {
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        string text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string WithoutTime(string record) =>
        record.StartsWith("{\"ts\":", StringComparison.Ordinal) ? "{\"ts\":0" + record[record.IndexOfAny([',', '}'])..] : record;
}
