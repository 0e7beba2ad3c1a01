using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Compression;

/// <summary>A request with its values compressed. A client whose request has to wait keeps it, so that nothing is compressed twice.</summary>
internal sealed class RewrittenRequest
{
    private const int KeptRoom = 1 << 20;

    private static readonly RespLimits Unlimited = new(long.MaxValue, int.MaxValue, 1);

    private byte[] _frame = [];

    /// <summary>Bytes of the request.</summary>
    internal int Length { get; private set; }

    /// <summary>The request.</summary>
    internal ReadOnlySpan<byte> Frame => _frame.AsSpan(0, Length);

    /// <summary>Its arguments.</summary>
    internal RequestArgs Args { get; } = new();

    /// <summary>Takes the request that a buffer has, which is empty afterwards.</summary>
    internal void Take(OutputBuffer output)
    {
        Length = (int)output.Length;
        if (_frame.Length < Length || _frame.Length > KeptRoom)
        {
            _frame = new byte[Length];
        }

        output.CopyTo(_frame);
        output.Clear();
        RequestScanState state = default;
        RespRequestScanner.Scan(Frame, ref state, Args, Unlimited, out _, out _);
    }
}
