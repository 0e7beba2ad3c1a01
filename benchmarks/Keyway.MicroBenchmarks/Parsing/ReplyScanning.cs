using System.Text;
using BenchmarkDotNet.Attributes;
using Keyway.Protocol.Resp;

namespace Keyway.MicroBenchmarks.Parsing;

/// <summary>Finding the end of one reply, whole in the buffer.</summary>
[MemoryDiagnoser]
public class ReplyScanning
{
    private static readonly RespLimits Limits = RespLimits.Default;

    private readonly byte[] _status = "+OK\r\n"u8.ToArray();
    private readonly byte[] _bulk = Encoding.ASCII.GetBytes($"$32\r\n{new string('v', 32)}\r\n");
    private readonly byte[] _array = Encoding.ASCII.GetBytes("*10\r\n" + string.Concat(Enumerable.Repeat($"$32\r\n{new string('v', 32)}\r\n", 10)));
    private RespFrameScanner _scanner;

    /// <summary>The answer to SET.</summary>
    [Benchmark]
    public int Status() => Scan(_status);

    /// <summary>The answer to GET, 32 bytes.</summary>
    [Benchmark(Baseline = true)]
    public int Bulk() => Scan(_bulk);

    /// <summary>The answer to MGET, ten times 32 bytes.</summary>
    [Benchmark]
    public int Array() => Scan(_array);

    private int Scan(byte[] reply)
    {
        _scanner.Scan(reply, Limits, out var consumed);
        return consumed;
    }
}
