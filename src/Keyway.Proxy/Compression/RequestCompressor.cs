using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Compression;

/// <summary>Writes a request anew with its values compressed, where the command table says that an argument is a value.</summary>
internal sealed class RequestCompressor(ValueCodec codec, BufferPool buffers)
{
    private const int KeptRoom = 1 << 20;

    private static readonly RespLimits Unlimited = new(long.MaxValue, int.MaxValue, 1);

    private readonly OutputBuffer _output = new(buffers);
    private byte[] _frame = [];
    private int _length;

    /// <summary>The longest value that is compressed.</summary>
    internal int MostBytes => codec.MostBytes;

    /// <summary>The request that <see cref="TryRewrite"/> made, until it makes another.</summary>
    internal ReadOnlySpan<byte> Frame => _frame.AsSpan(0, _length);

    /// <summary>Its arguments.</summary>
    internal RequestArgs Args { get; } = new();

    /// <summary>False if the request goes to its server as it is.</summary>
    internal bool TryRewrite(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ValueArguments values = command.ValueArguments;
        if (!HasWork(values, frame, args))
        {
            return false;
        }

        _output.WriteArrayHeader(args.Count);
        for (int i = 0; i < args.Count; i++)
        {
            ReadOnlySpan<byte> argument = args.Get(frame, i);
            _output.WriteBulk(values.Contains(i) && codec.Concerns(argument) ? codec.Encode(argument) : argument);
        }

        _length = (int)_output.Length;
        if (_frame.Length < _length || _frame.Length > KeptRoom)
        {
            _frame = new byte[_length];
        }

        _output.CopyTo(_frame);
        _output.Clear();
        RequestScanState state = default;
        return RespRequestScanner.Scan(Frame, ref state, Args, Unlimited, out _, out _) == ScanStatus.Complete;
    }

    private bool HasWork(ValueArguments values, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        for (int i = values.First; i < args.Count; i += values.Step == 0 ? args.Count : values.Step)
        {
            if (codec.Concerns(args.Get(frame, i)))
            {
                return true;
            }
        }

        return false;
    }
}
