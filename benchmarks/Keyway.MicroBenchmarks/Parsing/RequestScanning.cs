using System.Text;
using BenchmarkDotNet.Attributes;
using Keyway.Protocol.Resp;

namespace Keyway.MicroBenchmarks.Parsing;

/// <summary>Finding one request, whole in the buffer, and its arguments.</summary>
[MemoryDiagnoser]
public class RequestScanning
{
    private static readonly RespLimits Limits = RespLimits.Default;

    private readonly RequestArgs _args = new();
    private readonly byte[] _get = Request("GET", "key:000000012345");
    private readonly byte[] _set = Request("SET", "key:000000012345", new string('v', 32));
    private readonly byte[] _mget = Request(["MGET", .. Enumerable.Range(0, 10).Select(i => $"key:{i:D12}")]);

    /// <summary>GET of a 16-byte key.</summary>
    [Benchmark(Baseline = true)]
    public int Get() => Scan(_get);

    /// <summary>SET of a 32-byte value.</summary>
    [Benchmark]
    public int Set() => Scan(_set);

    /// <summary>MGET of 10 keys.</summary>
    [Benchmark]
    public int Mget() => Scan(_mget);

    private static byte[] Request(params string[] arguments) =>
        Encoding.ASCII.GetBytes($"*{arguments.Length}\r\n" + string.Concat(arguments.Select(argument => $"${argument.Length}\r\n{argument}\r\n")));

    private int Scan(byte[] request)
    {
        var state = default(RequestScanState);
        RespRequestScanner.Scan(request, ref state, _args, Limits, out var length, out _);
        return length;
    }
}
