using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Compression;

/// <summary>Writes a request anew with its values compressed, where the command table says that an argument is a value.</summary>
internal sealed class RequestCompressor(ValueCodec codec, BufferPool buffers)
{
    private readonly OutputBuffer _output = new(buffers);
    private RewrittenRequest? _spare;

    /// <summary>The longest value that is compressed.</summary>
    internal int MostBytes => codec.MostBytes;

    /// <summary>The request as it is to be sent, to be given back by <see cref="Return"/>; null if it goes to its server as it is.</summary>
    internal RewrittenRequest? Rewrite(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ValueArguments values = command.ValueArguments;
        if (!HasWork(values, frame, args))
        {
            return null;
        }

        _output.WriteArrayHeader(args.Count);
        for (int i = 0; i < args.Count; i++)
        {
            ReadOnlySpan<byte> argument = args.Get(frame, i);
            _output.WriteBulk(values.Contains(i) && codec.Concerns(argument) ? codec.Encode(argument) : argument);
        }

        RewrittenRequest rewritten = _spare ?? new RewrittenRequest();
        _spare = null;
        rewritten.Take(_output);
        return rewritten;
    }

    /// <summary>A request is no longer used, and will be another.</summary>
    internal void Return(RewrittenRequest request) => _spare = request;

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
