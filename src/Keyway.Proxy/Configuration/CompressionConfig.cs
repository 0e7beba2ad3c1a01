namespace Keyway.Proxy.Configuration;

/// <summary>Which values are compressed on their way to the servers, and decompressed on their way back.</summary>
public sealed record CompressionConfig
{
    /// <summary>How values are compressed (<c>compress</c>).</summary>
    public CompressionMethod Method { get; init; } = CompressionMethod.None;

    /// <summary>The shortest value that is, in bytes (<c>compress_min</c>): long enough that no number is.</summary>
    public long Min { get; init; } = 256;

    /// <summary>What is decompressed (<c>decompress</c>).</summary>
    public Decompression Decompress { get; init; } = Decompression.Auto;

    /// <summary>True if values have to be looked at.</summary>
    public bool IsOn => Method != CompressionMethod.None || Decompress != Decompression.Auto;
}
