using System.IO.Compression;
using Keyway.Testing;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Files;

namespace Keyway.WriteBehind.Tests.Sinks.Files;

public sealed class FileSinkTests : IDisposable
{
    private const string Left = "p-20250101T000000000Z-0000000000000001.ndjson";

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-files-").FullName;
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Records_GoToOneFile_UntilItIsLarge()
    {
        await using FileSink sink = Open(rollSize: 8);

        await Send(sink, "one\n");
        Assert.Equal("p-20260101T000000000Z-0000000000000001.ndjson.part", Assert.Single(Names()));
        await Send(sink, "two\n");
        Assert.Equal("p-20260101T000000000Z-0000000000000001.ndjson", Assert.Single(Names()));
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(_directory, Names()[0]), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AFile_IsClosedForItsAge_WithoutAnotherRecord()
    {
        await using FileSink sink = Open();
        await Send(sink, "one\n");

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.EndsWith(".part", Assert.Single(Names()), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.EndsWith(".ndjson", Assert.Single(Names()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheEnd_ClosesTheFile_AndGzipCompressesIt()
    {
        await using (FileSink sink = Open(gzip: true))
        {
            await Send(sink, "one\n", "two\n");
        }

        string name = Assert.Single(Names());
        Assert.EndsWith(".ndjson.gz", name, StringComparison.Ordinal);
        await using GZipStream gzip = new(File.OpenRead(Path.Combine(_directory, name)), CompressionMode.Decompress);
        using StreamReader reader = new(gzip);
        Assert.Equal("one\ntwo\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("one\ntwo\nthr", "one\ntwo\n")]
    [InlineData("one\n", "one\n")]
    [InlineData("on", null)]
    [InlineData("", null)]
    public async Task WhatACrashLeft_IsCutToItsLastLine_AndClosed(string left, string? kept)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, Left + ".part"), left, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_directory, "other-20260101T000000000Z-0000000000000001.ndjson.part"), "not ours", TestContext.Current.CancellationToken);

        await using FileSink sink = Open();

        string path = Path.Combine(_directory, Left);
        Assert.Equal(kept, File.Exists(path) ? await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) : null);
        Assert.Equal(kept is null ? 1 : 2, Names().Length);
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p-2")]
    public async Task AFileThatIsBeingWritten_IsNotTakenOver(string writer)
    {
        await using FileSink sink = FileSink.Open(new FileSinkOptions { Directory = _directory, Pool = writer }, _time);
        await Send(sink, "one\n");
        string name = Assert.Single(Names());

        await using (FileSink other = Open(gzip: true))
        {
            Assert.Equal(name, Assert.Single(Names()));
        }

        Assert.Equal(name, Assert.Single(Names()));
        await Send(sink, "two\n");
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(_directory, name), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FilesOfAPoolWithALongerName_AreLeftAlone()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "p-" + Left), "one\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_directory, "p-" + Left + ".part"), "on", TestContext.Current.CancellationToken);

        await using (FileSink sink = Open(gzip: true))
        {
        }

        Assert.Equal(["p-" + Left, "p-" + Left + ".part"], Names());
    }

    [Fact]
    public async Task HalfACompressedFile_GoesOnlyIfItsSourceIsThere()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, Left + ".gz.part"), "compressed", TestContext.Current.CancellationToken);
        await using (FileSink sink = Open())
        {
            Assert.Equal(Left + ".gz.part", Assert.Single(Names()));
        }

        await File.WriteAllTextAsync(Path.Combine(_directory, Left), "one\n", TestContext.Current.CancellationToken);
        await using (FileSink sink = Open())
        {
            Assert.Equal(Left, Assert.Single(Names()));
        }
    }

    [Fact]
    public async Task ALongTail_IsCut()
    {
        string line = new('a', 200_000);
        await File.WriteAllTextAsync(Path.Combine(_directory, Left + ".part"), line + "\n" + line, TestContext.Current.CancellationToken);

        await using FileSink sink = Open();

        Assert.Equal(200_001, new FileInfo(Path.Combine(_directory, Left)).Length);
    }

    [Fact]
    public async Task AFullDisk_TakesTheBatchBack_AndTheNextTryGoesToANewFile()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("the test fills the disk by the name of a device of Linux");
        }

        await using FileSink sink = Open();
        File.CreateSymbolicLink(Path.Combine(_directory, "p-20260101T000000000Z-0000000000000001.ndjson.part"), "/dev/full");
        SinkResult result = await sink.SendAsync(Batches.Of("one\n"), CancellationToken.None);
        Assert.Equal(SinkVerdict.Retry, result.Verdict);
        Assert.Contains("No space left", result.Reason, StringComparison.Ordinal);

        File.Delete(Path.Combine(_directory, "p-20260101T000000000Z-0000000000000001.ndjson.part"));
        Assert.Same(SinkResult.Ok, await sink.SendAsync(Batches.Of("one\n"), CancellationToken.None));
    }

    private FileSink Open(long rollSize = 1 << 20, bool gzip = false) =>
        FileSink.Open(new FileSinkOptions { Directory = _directory, Pool = "p", RollSize = rollSize, Gzip = gzip }, _time);

    private static async Task Send(FileSink sink, params string[] texts) =>
        Assert.Same(SinkResult.Ok, await sink.SendAsync(Batches.Of(texts), CancellationToken.None));

    private string[] Names() => [.. Directory.GetFiles(_directory).Select(Path.GetFileName).Order().OfType<string>()];
}
